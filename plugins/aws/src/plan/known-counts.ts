import type { KnownCell } from '@gleaner/sdk'

/** How many resources of a kind are known in an account; without a region in all of them. */
export type CountOf = (kind: KindName, account: string, region?: string) => number

type KindName = { readonly group: string; readonly type: string }

/** Looks up what the inventory holds. Nothing is known of what was never found: it counts as empty. */
export function countKnown(known: readonly KnownCell[]): CountOf {
  const inRegions = new Map<string, number>()
  const inAll = new Map<string, number>()
  for (const { account, group, regionCode, resources, type } of known) {
    add(inRegions, [group, type, account, regionCode], resources)
    add(inAll, [group, type, account], resources)
  }
  return ({ group, type }, account, region) =>
    region === undefined
      ? (inAll.get(keyOf([group, type, account])) ?? 0)
      : (inRegions.get(keyOf([group, type, account, region])) ?? 0)
}

function add(counts: Map<string, number>, names: readonly string[], count: number): void {
  counts.set(keyOf(names), (counts.get(keyOf(names)) ?? 0) + count)
}

function keyOf(names: readonly string[]): string {
  return JSON.stringify(names)
}
