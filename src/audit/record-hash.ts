import { createHash } from 'node:crypto'

/**
 * One row of the audit as it is hashed. What is no text in the database is written as `audit_hash` writes it.
 */
export type HashedRecord = {
  readonly domainId: string
  readonly seq: string
  /** Microseconds since 1970. */
  readonly recordedAtUs: string
  readonly method: string
  readonly role: string
  readonly apiKeyId: string
  /** Null only where somebody wrote past the functions that append. */
  readonly ids: readonly (string | null)[]
  readonly requestId: string
  readonly traceId: string
}

/** What the first row of a chain follows. */
export const NO_HASH = Buffer.alloc(32)

/** The format; another one of these fields means another number here. */
const FORMAT = '1'

/**
 * SHA-256 over the hash before and every column of a row, each with its length before it. The function
 * `audit_hash` of the database computes the same when it appends; that there are two keeps a changed function
 * from checking itself. Pure.
 */
export function hashOfRecord(previous: Buffer, record: HashedRecord): Buffer {
  const { domainId, seq, recordedAtUs, method, role, apiKeyId, ids, requestId, traceId } = record
  const known = ids.filter((id) => id !== null)
  const parts = [FORMAT, domainId, seq, recordedAtUs, method, role, apiKeyId, `${ids.length}`, ...known]
  const text = [...parts, requestId, traceId].map(lengthAndValue).join('')
  return createHash('sha256').update(previous).update(text).digest()
}

function lengthAndValue(value: string): string {
  return `${Buffer.byteLength(value)}:${value}`
}
