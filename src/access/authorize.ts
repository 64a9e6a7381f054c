import { GleanerError, RequiredParameter } from '../core/errors.ts'
import type { KeyRole, Principal } from './context.ts'

/**
 * Who may call a method; one without a policy stops the server from starting. `permission` is the right it
 * takes. Inside a domain `read` < `run` < `write`: a viewer may read, an operator also run what is configured
 * (collect, cancel), an admin also change what is configured and stored. `system` is for who administers the
 * server and every domain; `open` for what anybody may ask, without a key. `domain` says whether the
 * request's domain_id binds it to one tenant; `optional` means that without one it is about the server's own,
 * which takes the system administrator.
 */
export type AccessPolicy = {
  readonly permission: 'read' | 'run' | 'write' | 'system' | 'open'
  readonly domain: 'required' | 'optional' | 'none'
}

/**
 * The domain a request acts in, '' for none, or a refusal. A key's own domain fills an absent one. It looks
 * nothing up, so that a foreign domain is refused in the same words and time whether it exists or not.
 */
export type Authorize = (principal: Principal, access: AccessPolicy, domainId: string) => string

/** The first wall: what a caller may do, and in which domain. */
export const authorize: Authorize = (principal, access, domainId) => {
  if (principal.kind !== 'api_key' || principal.domainId === '') return domainOf(access, domainId)
  if (access.permission === 'open') return domainOf(access, domainId || principal.domainId)
  if (access.permission === 'system') {
    throw forbidden('this method takes a key of the system administrator, which belongs to no domain')
  }
  if (domainId !== '' && domainId !== principal.domainId) {
    throw forbidden(
      "the API key acts only in its own domain. Leave domain_id out, or give the key's own; other domains take other keys",
    )
  }
  if (!RIGHTS[principal.role].includes(access.permission)) {
    throw forbidden(
      `this method takes the right to ${access.permission}, which the role ${principal.role} of the API key does not have`,
    )
  }
  return principal.domainId
}

const RIGHTS: Readonly<Record<KeyRole, readonly AccessPolicy['permission'][]>> = {
  VIEWER: ['read'],
  OPERATOR: ['read', 'run'],
  ADMIN: ['read', 'run', 'write'],
}

function domainOf(access: AccessPolicy, domainId: string): string {
  if (access.domain === 'none') return ''
  if (domainId === '' && access.domain === 'required') throw new RequiredParameter('domain_id')
  return domainId
}

/** A caller who is known and may not do this. */
export function forbidden(reason: string): GleanerError {
  return new GleanerError('forbidden', 'ERROR_PERMISSION_DENIED', reason)
}
