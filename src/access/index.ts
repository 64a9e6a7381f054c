export { type Authenticator, createAuthenticator, hasApiKey } from './authenticate.ts'
export { type AccessPolicy, type Authorize, authorize, forbidden } from './authorize.ts'
export {
  type ApiKeyPrincipal,
  type Context,
  KEY_ROLES,
  type KeyRole,
  type Logger,
  type Principal,
} from './context.ts'
export { createDomainCache, type DomainCache } from './domain-cache.ts'
export { assertDomain, type Domain, ensureDomain, getDomain } from './domains.ts'
export { hashKey, hintOf, isMistyped, newKeyText } from './key-text.ts'
export { nameCaller } from './name-caller.ts'
export { SYSTEM_DOMAIN } from './system-domain.ts'
