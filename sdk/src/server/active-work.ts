/** Work that goes on after its call was answered, such as the `finally` of a canceled generator. */
export class ActiveWork {
  readonly #running = new Set<Promise<unknown>>()

  track(work: Promise<unknown>): void {
    this.#running.add(work)
    work.then(
      () => this.#running.delete(work),
      () => this.#running.delete(work),
    )
  }

  /** Resolves when nothing is left, including work that was added meanwhile. Never rejects. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }
}
