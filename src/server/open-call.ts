import type { DescMessage, Message } from '@bufbuild/protobuf'
import type {
  AccessPolicy,
  Authenticator,
  Authorize,
  Context,
  DomainCache,
  Logger,
  Principal,
} from '../access/index.ts'
import { type AuditRole, auditedDatabase, idsOfRequest } from '../audit/index.ts'
import type { Clock } from '../core/clock.ts'
import { traceHeaders } from '../core/trace.ts'
import type { Database, WholeDatabase } from '../storage/index.ts'
import { assertContent } from './assert-content.ts'
import type { RequestLimits } from './limits.ts'
import type { Call } from './method.ts'
import { withFields } from './request-log.ts'
import type { Route } from './routes.ts'

export type ParsedRequest = { readonly message: Message; has(path: string): boolean }

export type OpenCallDeps = {
  readonly db: WholeDatabase
  readonly log: Logger
  readonly now: Clock
  readonly limits: RequestLimits
  readonly authenticator: Authenticator
  readonly authorize: Authorize
  readonly domains: DomainCache
}

/** What is known of a request before it is read, and, once it is, who acts where. */
export type Opening = {
  readonly requestId: string
  readonly route: Route
  readonly signal: AbortSignal
  /** Asks whether one more call that counts for this domain is let in; throws when not. */
  readonly admit: (domainId: string) => void
  principal: Principal
  /** Where the request acts, before that what the caller sent. */
  domainId: string
}

type Unread = {
  /** The API key that came with the request; '' for none. */
  readonly key: string
  read(): ParsedRequest
}

/** Who asks for what is open to all: no key is looked at. */
export const ANYBODY: Principal = { kind: 'anonymous' }

/**
 * What calls of methods that are open to all count for, so that nobody without a key takes the places of
 * those who have one.
 */
const STRANGERS = 'anybody'

/**
 * Who calls, what for, and whether they may, in this order; then everything a verb may use. A call is let in
 * as soon as it is known for which domain it counts, and only where it may act: nobody uses up what another
 * domain may ask.
 */
export async function openCall(
  deps: OpenCallDeps,
  opening: Opening,
  access: AccessPolicy,
  { key, read }: Unread,
): Promise<Call<DescMessage>> {
  const principal = access.permission === 'open' ? ANYBODY : await deps.authenticator.authenticate(key)
  opening.principal = principal
  const own = ownDomain(principal)
  if (own !== '') opening.admit(own)
  const { message, has } = read()
  assertContent(opening.route.desc.input, message, deps.limits)
  opening.domainId = domainIdOf(message)
  const domainId = deps.authorize(principal, access, opening.domainId)
  if (own === '') opening.admit(access.permission === 'open' ? STRANGERS : domainId)
  if (domainId !== '' && domainId !== own) await deps.domains.assert(domainId)
  opening.domainId = domainId
  const ctx = contextOf(deps, opening, databaseFor(deps.db, principal, access, domainId))
  if (isReading(access)) return { ctx, request: message, domainId, has }
  const db = auditedDatabase(ctx.db, auditEntryOf(opening, message), ctx.log)
  return { ctx: { ...ctx, db }, request: message, domainId, has }
}

/** A method that may only read changes nothing that a row would tell of. */
function isReading({ permission }: AccessPolicy): boolean {
  return permission === 'read' || permission === 'open'
}

function auditEntryOf({ requestId, route, principal, domainId }: Opening, message: Message) {
  const [, traceId = ''] = traceHeaders().traceparent?.split('-') ?? []
  return {
    domainId,
    method: route.name,
    role: roleOf(principal),
    apiKeyId: principal.kind === 'api_key' ? principal.apiKeyId : '',
    requestId,
    traceId,
    ids: idsOfRequest(route.desc.input, message),
  }
}

function roleOf(principal: Principal): AuditRole {
  if (principal.kind === 'anonymous') return 'OPEN'
  return principal.kind === 'system' || principal.domainId === '' ? 'SYSTEM' : principal.role
}

/**
 * Every request that belongs to a domain names it in the same field; assertPolicies has checked that it is
 * there.
 */
function domainIdOf(message: Message): string {
  return 'domainId' in message && typeof message.domainId === 'string' ? message.domainId : ''
}

/**
 * Behind row-level security, but for those who administer the server. A key of a domain is bound to that
 * domain whatever the first wall let through.
 */
function databaseFor(
  db: WholeDatabase,
  principal: Principal,
  access: AccessPolicy,
  domainId: string,
): Database {
  const own = ownDomain(principal)
  if (own !== '') return db.boundTo(own, principal.kind === 'api_key' ? principal.projectIds : [])
  const isAboveDomains = access.permission === 'system' || access.domain === 'optional'
  return isAboveDomains && domainId === '' ? db : db.boundTo(domainId)
}

function ownDomain(principal: Principal): string {
  return principal.kind === 'api_key' ? principal.domainId : ''
}

function contextOf(deps: OpenCallDeps, opening: Opening, db: Database): Context {
  const { requestId, route, signal, principal } = opening
  return {
    requestId,
    principal,
    signal,
    db,
    now: deps.now,
    log: withFields(deps.log, { requestId, method: route.name }),
  }
}
