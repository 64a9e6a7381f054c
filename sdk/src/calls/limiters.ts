import { createHash } from 'node:crypto'
import type { JsonObject } from '../json.ts'
import { RateLimiter } from './rate-limiter.ts'

/** Credentials and APIs in use at once; the one that was used longest ago is forgotten first. */
const MOST_KEPT = 1_000

/**
 * The rate limiters of a process: one for each credential and API, whichever call uses it, because that is
 * what providers count by. Keeps no credential, only a digest that is different in every process.
 */
export class Limiters {
  readonly #limiters = new Map<string, RateLimiter>()
  readonly #salt = crypto.randomUUID()

  of(secretData: JsonObject, api: string): RateLimiter {
    const credential = createHash('sha256')
      .update(this.#salt)
      .update(JSON.stringify(secretData))
      .digest('base64')
    const key = JSON.stringify([credential, api])
    const limiter = this.#limiters.get(key) ?? new RateLimiter()
    this.#limiters.delete(key)
    this.#limiters.set(key, limiter)
    const [oldest] = this.#limiters.keys()
    if (this.#limiters.size > MOST_KEPT && oldest !== undefined) this.#limiters.delete(oldest)
    return limiter
  }
}
