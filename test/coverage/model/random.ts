/** Random numbers that a seed repeats: mulberry32. */
export type Random = {
  /** From 0 to n-1. */
  below(n: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (probability) => next() < probability,
    pick(from) {
      const picked = from[below(from.length)]
      if (picked === undefined) throw new RangeError('there is nothing to pick from')
      return picked
    },
  }
}
