export type { Context, Logger, Principal } from './context.ts'
export { createDomainCache, type DomainCache } from './domain-cache.ts'
export { assertDomain, type Domain, ensureDomain, getDomain } from './domains.ts'
