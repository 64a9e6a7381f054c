import { isObject } from '../../../api/api-error.ts'

/** That a resource has to do with another: `uses` a key, is `in` a subnet. */
export type Relation = { readonly name: string; readonly resourceId: string; readonly type: string }

/**
 * Reads `data.relations`, as plugins that are made with the SDK report them; what is none of that is left
 * out.
 */
export function relationsIn(data: Readonly<Record<string, unknown>>): readonly Relation[] {
  const { relations } = data
  if (!Array.isArray(relations)) return []
  return relations.flatMap((each: unknown) => {
    if (!isObject(each)) return []
    const { name, resource_id: resourceId, type } = each
    if (typeof name !== 'string' || typeof resourceId !== 'string') return []
    return [{ name, resourceId, type: typeof type === 'string' ? type : '' }]
  })
}
