/** Sources of this process's accounts and regions; the one that was read longest ago is forgotten first. */
const MOST_KEPT = 20_000
const kept = new Map<string, number>()

type Source = { readonly service: string; readonly account: string; readonly region: string }

/** Remembers how many calls it took to read a second source, which nothing else tells beforehand. */
export function noteCalls(source: Source, calls: number): void {
  const key = keyOf(source)
  kept.delete(key)
  kept.set(key, calls)
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '')
}

/** As many as last time, or what is given where this process has not read it yet. */
export function lastCalls(source: Source, otherwise: number): number {
  return kept.get(keyOf(source)) ?? otherwise
}

function keyOf({ account, region, service }: Source): string {
  return JSON.stringify([service, account, region])
}
