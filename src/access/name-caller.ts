import type { Principal } from './context.ts'

/** Who calls, as the history names them; '' while nobody is told apart. */
export function nameCaller(principal: Principal): string {
  if (principal.kind === 'api_key') return principal.apiKeyId
  return principal.kind === 'anonymous' ? '' : principal.kind
}
