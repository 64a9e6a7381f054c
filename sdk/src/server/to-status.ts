import { toPluginError } from '../errors.ts'
import type { CallStatus } from '../grpc/status.ts'
import type { Redact } from '../redact.ts'

/** The details travel in a header, and some clients refuse headers beyond 8 KB. */
const MAX_DETAILS_CHARS = 2000

/** The status a failed call ends with: `ERROR_CODE: message` with the values of the secret blanked out. */
export function toStatus(thrown: unknown, redact: Redact): CallStatus {
  const error = toPluginError(thrown)
  const message = redact(error.message)
  const shown = message.length > MAX_DETAILS_CHARS ? `${message.slice(0, MAX_DETAILS_CHARS)} …` : message
  return { status: error.status, details: `${error.code}: ${shown}` }
}
