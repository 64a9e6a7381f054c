/** What the audit says of a call, beside what the database adds: number, time and hash. */
export type AuditEntry = {
  /** The domain that the call acts in; '' for none. */
  readonly domainId: string
  /** Full name: `spaceone.api.inventory.v1.Collector.create`. */
  readonly method: string
  readonly role: AuditRole
  /** '' without a key. */
  readonly apiKeyId: string
  readonly requestId: string
  /** '' while traces are off. */
  readonly traceId: string
  /** What the request names. */
  readonly ids: readonly string[]
}

/** What a caller was: OPEN while no key exists, SYSTEM with a key of the system administrator. */
export type AuditRole = 'OPEN' | 'VIEWER' | 'OPERATOR' | 'ADMIN' | 'SYSTEM'
