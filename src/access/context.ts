import type { Clock } from '../core/clock.ts'
import type { Database } from '../storage/index.ts'

/**
 * Who calls. `anonymous` is everybody while the server is open (no API key exists); `system` is the server
 * itself: scheduler, worker, first start.
 */
export type Principal = { readonly kind: 'anonymous' } | { readonly kind: 'system'; readonly role: string }

/** What a feature may log to. Fields carry ids, never documents or credentials. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** One request, from whichever transport: everything a verb may use besides its input. */
export type Context = {
  readonly requestId: string
  readonly principal: Principal
  /** Ends when the caller leaves or the deadline passes; long work listens to it. */
  readonly signal: AbortSignal
  readonly db: Database
  readonly now: Clock
  readonly log: Logger
}
