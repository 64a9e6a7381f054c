import type { Clock } from '../core/clock.ts'
import type { Database } from '../storage/index.ts'

/**
 * Who calls. `anonymous` is everybody while the server is open (no API key exists); `system` is the server
 * itself: scheduler, worker, first start.
 */
export type Principal =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'system'; readonly role: string }
  | ApiKeyPrincipal

const KEY_ROLES = ['VIEWER', 'OPERATOR', 'ADMIN'] as const
export type KeyRole = (typeof KEY_ROLES)[number]

export type ApiKeyPrincipal = {
  readonly kind: 'api_key'
  readonly apiKeyId: string
  /** The domain the key is for; '' for the system administrator, who may do everything in all of them. */
  readonly domainId: string
  readonly role: KeyRole
  /** Projects the key is bound to; none means the whole domain. */
  readonly projectIds: readonly string[]
}

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
