/** Numbers that look random and repeat with their seed. */
export type Random = {
  /** 0 … below - 1 */
  below(limit: number): number
  chance(share: number): boolean
  shuffle<T>(items: readonly T[]): T[]
  /** A source of its own, so that what one does leaves the numbers of the others alone. */
  fork(): Random
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    shuffle: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
    fork: () => randomFrom(Math.floor(next() * 2 ** 32)),
  }
}
