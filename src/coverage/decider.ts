import type { Context } from '../access/index.ts'
import { GleanerError } from '../core/errors.ts'

/**
 * Who decides, for the history. A key that is bound to projects is refused: it sees only a part of those who
 * speak of a resource, so what it lets go of may be claimed by somebody it cannot see.
 */
export function nameDecider({ principal }: Pick<Context, 'principal'>): string {
  if (principal.kind !== 'api_key') return principal.kind
  if (principal.projectIds.length === 0) return principal.apiKeyId
  throw new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    `api key '${principal.apiKeyId}' is bound to projects, and this decides about resources of the whole domain; nothing was changed. Use a key of the domain`,
  )
}
