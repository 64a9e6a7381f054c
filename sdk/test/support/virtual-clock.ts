/**
 * A clock that stands still while anything runs, and then jumps to the next moment that somebody sleeps for.
 */
export class VirtualClock {
  #nowMs = 0
  #sequence = 0
  readonly #sleepers: { readonly atMs: number; readonly order: number; readonly wake: () => void }[] = []

  readonly nowMs = (): number => this.#nowMs

  readonly sleep = (ms: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#sleepers.push({ atMs: this.#nowMs + Math.max(0, ms), order: this.#sequence++, wake: resolve })
    return promise
  }

  /** Lets time pass until the work is done, and returns how much did. */
  async run(work: Promise<unknown>): Promise<number> {
    const startedAtMs = this.#nowMs
    let isDone = false
    const finish = () => {
      isDone = true
    }
    work.then(finish, finish)
    while (true) {
      await new Promise((resolve) => setImmediate(resolve))
      if (isDone) break
      this.#jump()
    }
    await work
    return this.#nowMs - startedAtMs
  }

  #jump(): void {
    this.#sleepers.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    const next = this.#sleepers[0]
    if (next === undefined) throw new Error('everything waits, and nobody for a time')
    this.#nowMs = next.atMs
    while (this.#sleepers[0]?.atMs === next.atMs) this.#sleepers.shift()?.wake()
  }
}
