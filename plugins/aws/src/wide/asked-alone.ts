/** Resources of which a list told too little, so that each was asked for alone. */
export type Alone = { readonly resources: number; readonly alone: number }

type List = {
  readonly account: string
  readonly region: string
  readonly typeName: string
  /** Whether it was read for what it holds, or for what lists of parts have to be told. */
  readonly as: 'resources' | 'parents'
  readonly details: 'missing' | 'always'
}

/** Lists that are remembered; the one that was read longest ago is forgotten first. */
const MOST_KEPT = 20_000
const kept = new Map<string, Alone>()

/**
 * Remembers how much a list told when it was read last, for the next prediction: no specification says it,
 * and a resource alone is too small to be asked beforehand. It is kept as long as the process lives.
 */
export function noteAlone(list: List, alone: Alone): void {
  if (alone.resources === 0) return
  for (const key of keysOf(list)) {
    kept.delete(key)
    kept.set(key, alone)
  }
  while (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '')
}

/**
 * How many of so many resources are going to be asked for alone: as many as last time in this list, else in
 * another of the type, else all of them where they are read for themselves.
 */
export function predictAlone(list: List, resources: number): number {
  const [known] = keysOf(list).flatMap((key) => kept.get(key) ?? [])
  if (known === undefined) return list.as === 'resources' ? resources : 0
  return Math.round((resources * known.alone) / known.resources)
}

function keysOf({ account, as, details, region, typeName }: List): readonly string[] {
  const ofType = [typeName, as, details]
  return [JSON.stringify([...ofType, account, region]), JSON.stringify(ofType)]
}
