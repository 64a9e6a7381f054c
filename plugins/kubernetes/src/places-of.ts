import type { Kind } from './discover-kinds.ts'
import type { Options } from './options.ts'

/**
 * The lists that one kind takes: one of the whole cluster, or one in each namespace, which is then the
 * region.
 */
export function placesOf(
  { key }: Pick<Kind, 'key'>,
  account: string,
  { namespaces }: Pick<Options, 'namespaces'>,
) {
  if (namespaces.length === 0)
    return [{ namespace: undefined, regionCode: account, scope: { type: key, account } }]
  return [...new Set(namespaces)].map((namespace) => {
    const regionCode = `${account}/${namespace}`
    return { namespace, regionCode, scope: { type: key, account, regionCode } }
  })
}
