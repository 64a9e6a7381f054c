import type { CliContext } from './cli-context.ts'
import { type Kind, listOf, numberOf, textOf } from './shapes.ts'

type KindCount = Kind & { readonly count: number }

export type ResourceCounts = {
  readonly total: number
  /** By kind, the largest first. */
  readonly kinds: readonly KindCount[]
}

/** Counts the active resources by kind, in one request. */
export async function countKinds({ client, domainId }: CliContext): Promise<ResourceCounts> {
  const answer = await client.post('/inventory/v1/cloud-service/stat', {
    domain_id: domainId,
    query: BY_KIND,
  })
  const kinds = listOf(answer.value, 'results').map((row) => ({
    provider: textOf(row, 'provider'),
    group: textOf(row, 'group'),
    type: textOf(row, 'type'),
    count: numberOf(row, 'count'),
  }))
  return { total: kinds.reduce((sum, { count }) => sum + count, 0), kinds }
}

const BY_KIND = {
  filter: [{ key: 'state', value: 'ACTIVE', operator: 'eq' }],
  aggregate: [
    {
      group: {
        keys: [
          { key: 'provider', name: 'provider' },
          { key: 'cloud_service_group', name: 'group' },
          { key: 'cloud_service_type', name: 'type' },
        ],
        fields: [{ name: 'count', operator: 'count' }],
      },
    },
    {
      sort: { keys: [{ key: 'count', desc: true }, { key: 'provider' }, { key: 'group' }, { key: 'type' }] },
    },
  ],
}
