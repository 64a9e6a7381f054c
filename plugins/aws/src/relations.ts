import type { Relation } from '@gleaner/sdk'

/** A name, the type of the other where this plugin reports it, and its id where there is one. */
type Arrow = readonly [name: string, type: string | undefined, resourceId: string | undefined]

/**
 * Relations of those that lead to an ARN, each once. Some services name keys by an alias or a bare id, which
 * leads nowhere.
 */
export function relationsOf(...arrows: readonly Arrow[]): readonly Relation[] {
  const found = new Map<string, Relation>()
  for (const [name, type, resourceId] of arrows)
    if (resourceId?.startsWith('arn:')) found.set(`${name} ${resourceId}`, { name, type, resourceId })
  return [...found.values()]
}
