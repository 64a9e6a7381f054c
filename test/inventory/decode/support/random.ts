/** A reproducible source of random choices: the same seed gives the same run on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 32 uniform bits (mulberry32). */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return (bits ^ (bits >>> 14)) >>> 0
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * limit)
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 2 ** 32
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new RangeError('nothing to pick from')
    return choice
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled: T[] = []
    for (const item of items) shuffled.splice(this.below(shuffled.length + 1), 0, item)
    return shuffled
  }
}
