import type { CliContext } from './cli-context.ts'
import { type Kind, listOf, numberOf, toKind } from './shapes.ts'

export type KindCount = Kind & { readonly count: number }

export type ResourceCounts = {
  readonly total: number
  /** By kind, the largest first; kinds without a resource left out. */
  readonly kinds: readonly KindCount[]
}

/**
 * Counts resources by kind, one counting request for each kind that collectors have declared: fine for the few hundred
 * kinds a domain has. TODO: one `cloud-service/stat` once the server computes statistics.
 */
export async function countKinds({ client, domainId }: CliContext): Promise<ResourceCounts> {
  const count = async (selector: object): Promise<number> => {
    const request = { domain_id: domainId, ...selector, query: { count_only: true } }
    return numberOf((await client.post('/inventory/v1/cloud-service/list', request)).value, 'total_count')
  }
  const total = await count({})
  if (total === 0) return { total, kinds: [] }
  const types = await client.post('/inventory/v1/cloud-service-type/list', {
    domain_id: domainId,
    query: { only: ['provider', 'group', 'name'] },
  })
  const waiting = listOf(types.value, 'results').map(toKind)
  const kinds: KindCount[] = []
  const countNext = async (): Promise<void> => {
    for (let kind = waiting.pop(); kind !== undefined; kind = waiting.pop()) {
      const { provider, group, type } = kind
      const selector = { provider, cloud_service_group: group, cloud_service_type: type }
      kinds.push({ ...kind, count: await count(selector) })
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, countNext))
  return { total, kinds: kinds.filter((kind) => kind.count > 0).sort(byCountAndName) }
}

const CONCURRENCY = 4

function byCountAndName(a: KindCount, b: KindCount): number {
  return b.count - a.count || nameOf(a).localeCompare(nameOf(b))
}

function nameOf({ provider, group, type }: Kind): string {
  return `${provider}/${group}/${type}`
}
