import type { KnownCell, MeasuredApi, TimeBasis } from '@gleaner/sdk'
import type { Kind } from './discover-kinds.ts'
import type { Options } from './options.ts'
import { placesOf } from './places-of.ts'
import { RESOURCE_TYPES, typesOf } from './resource-types.ts'
import type { Discovered, Opened } from './survey.ts'

/** How long a page of a list usually takes to come, rather too long than too short. */
export const ASSUMED_ANSWER_SECONDS = 0.1

export type Prediction = { readonly calls: number; readonly seconds: number; readonly basis: TimeBasis }

type Facts = {
  readonly options: Pick<Options, 'cluster' | 'namespaces' | 'page_size'>
  readonly known: readonly KnownCell[]
  readonly measured: readonly MeasuredApi[]
}

/**
 * How many calls a collection makes, and how long they take: the version, the id of the cluster unless it has
 * a name, the discovery, and the pages of each list, one after the other. A list of which nothing is known
 * counts as one page. Pure.
 */
export function predictCollection(
  { discoveryCalls, host, kinds }: Pick<Discovered, 'discoveryCalls' | 'kinds'> & Pick<Opened, 'host'>,
  { known, measured, options }: Facts,
): Prediction {
  const types = { ...RESOURCE_TYPES, ...typesOf(kinds) }
  const counts = countByPlace(known)
  const pagesOf = (kind: Kind) =>
    placesOf(kind, '', options).map(({ regionCode }) => {
      const { group = '', type = '' } = types[kind.key] ?? {}
      return Math.max(1, Math.ceil((counts.get(keyOf(group, type, regionCode)) ?? 0) / options.page_size))
    })
  const pages = kinds.flatMap(pagesOf).reduce((sum, each) => sum + each, 0)
  const calls = discoveryCalls + (options.cluster === undefined ? 2 : 1) + pages
  const measure = measured.find(({ api, calls }) => api === host && calls > 0)
  if (measure === undefined) return { calls, seconds: calls * ASSUMED_ANSWER_SECONDS, basis: 'assumed' }
  return { calls, seconds: (calls * measure.busySeconds) / measure.calls, basis: 'measured' }
}

/**
 * By kind, and by namespace where each is a region. The cluster's own name is left out, since a plan does not
 * ask for it.
 */
function countByPlace(known: readonly KnownCell[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { account, group, regionCode, resources, type } of known) {
    const key = keyOf(
      group,
      type,
      regionCode.startsWith(account) ? regionCode.slice(account.length) : regionCode,
    )
    counts.set(key, (counts.get(key) ?? 0) + resources)
  }
  return counts
}

function keyOf(group: string, type: string, region: string): string {
  return JSON.stringify([group, type, region])
}
