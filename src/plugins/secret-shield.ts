import type { Redactor } from '../core/create-redactor.ts'

/**
 * How long after its call a secret is still cut out: log lines arrive late, and libraries keep what they were
 * given.
 */
const LINGER_MS = 600_000

/** How many ended calls are remembered, since each costs time on every log line. */
const MAX_LINGERING = 32

type Guarded = { readonly redact: Redactor; until: number }

/**
 * The credentials a plugin process knows at the moment. Calls run side by side in one process, so what it
 * writes is cleaned of the secrets of all of them, not just of the call that failed.
 */
export class SecretShield {
  readonly #guarded = new Set<Guarded>()
  #cuts = 0

  /** How many texts held a secret when they came here. */
  get cuts(): number {
    return this.#cuts
  }

  /** Adds a call's secrets; call the result when the call has ended. */
  guard(redact: Redactor): () => void {
    const entry: Guarded = { redact, until: Number.POSITIVE_INFINITY }
    this.#guarded.add(entry)
    return () => {
      entry.until = performance.now() + LINGER_MS
      this.#forgetOld()
    }
  }

  redact(text: string): string {
    this.#forgetOld()
    let clean = text
    for (const { redact } of this.#guarded) clean = redact(clean)
    if (clean !== text) this.#cuts++
    return clean
  }

  #forgetOld(): void {
    const now = performance.now()
    const lingering = [...this.#guarded].filter(({ until }) => until !== Number.POSITIVE_INFINITY)
    const excess = lingering.length - MAX_LINGERING
    lingering.forEach((entry, index) => {
      if (entry.until < now || index < excess) this.#guarded.delete(entry)
    })
  }
}
