/** The tokens of an API: so many at once, and then so many a second. */
export class Bucket {
  readonly #burst: number
  readonly #rate: number
  #tokens: number
  #atMs = performance.now()
  served = 0
  refused = 0
  /** When it was asked first and last. */
  firstAtMs: number | undefined
  lastAtMs = 0

  constructor({ burst, rate }: { readonly burst: number; readonly rate: number }) {
    this.#burst = burst
    this.#rate = rate
    this.#tokens = burst
  }

  take(): boolean {
    const nowMs = performance.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.#rate)
    this.#atMs = nowMs
    this.firstAtMs ??= nowMs
    this.lastAtMs = nowMs
    if (this.#tokens < 1) {
      this.refused++
      return false
    }
    this.#tokens--
    this.served++
    return true
  }
}
