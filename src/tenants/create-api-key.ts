import {
  type Context,
  forbidden,
  hasApiKey,
  hashKey,
  hintOf,
  type KeyRole,
  newKeyText,
  SYSTEM_DOMAIN,
} from '../access/index.ts'
import { FailedPrecondition, type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { nameViolations } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { projectViolations } from '../identity/index.ts'
import { parseTimestamp } from '../query/index.ts'
import type { Database, Transaction } from '../storage/index.ts'
import type { ApiKeyView } from './api-key-entity.ts'
import { getApiKey, storedDomain } from './api-keys.ts'

type CreateApiKeyInput = {
  /** '' makes a key of the system administrator. */
  readonly domainId: string
  readonly name: string
  readonly role: KeyRole | undefined
  readonly projects: readonly string[]
  /** ISO 8601; '' for never. */
  readonly expiresAt: string
}

type CreatedApiKey = { readonly info: ApiKeyView; readonly apiKey: string }

/** Creates a key. Its text is returned and not stored; who loses it makes another. */
export async function createApiKey(ctx: Context, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const { domainId, name, projects } = input
  if (ctx.principal.kind === 'api_key' && ctx.principal.projectIds.length > 0)
    throw forbidden('a key that is bound to projects makes no other keys')
  const violations = violationsOf(input, ctx.now())
  const apiKey = newKeyText()
  const apiKeyId = newId('apiKey')
  await ctx.db.transaction(async (tx) => {
    if (ctx.principal.kind === 'anonymous') await assertFirst(tx, domainId)
    assertNoViolations([...violations, ...(await unknownProjects(tx, input))])
    await insertApiKey(tx, {
      domainId: storedDomain(domainId),
      apiKeyId,
      name,
      role: input.role ?? 'ADMIN',
      projects,
      apiKey,
      expiresAt: parseTimestamp(input.expiresAt) ?? null,
      now: ctx.now(),
    })
  })
  ctx.log.info({ domainId, apiKeyId }, 'API key created')
  return { info: await getApiKey(ctx, { domainId, apiKeyId }), apiKey }
}

// A key that is bound to a project nobody has would see nothing, and then much when somebody makes one of
// that id.
async function unknownProjects(
  tx: Transaction,
  { domainId, projects }: CreateApiKeyInput,
): Promise<readonly GleanerError[]> {
  const violations: GleanerError[] = []
  for (const projectId of projects) violations.push(...(await projectViolations(tx, { domainId, projectId })))
  return violations
}

/**
 * Stores the key that an operator gave by configuration, unless there is one already. Returns whether it did.
 */
export async function ensureFirstApiKey(
  db: Database,
  { apiKey, now }: { readonly apiKey: string; readonly now: Date },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Processes that start together take turns.
    await tx.query('select pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK])
    if (await hasApiKey(tx)) return false
    const apiKeyId = newId('apiKey')
    const first = {
      domainId: SYSTEM_DOMAIN,
      apiKeyId,
      name: 'First key, from the configuration',
      role: 'ADMIN',
    }
    await insertApiKey(tx, { ...first, projects: [], apiKey, expiresAt: null, now })
    return true
  })
}

const FIRST_KEY_LOCK = 7_261_093_356

function violationsOf({ domainId, name, role, projects, expiresAt }: CreateApiKeyInput, now: Date) {
  const violations: GleanerError[] = [...nameViolations(name)]
  if (domainId === '' && role !== undefined && role !== 'ADMIN')
    violations.push(
      new InvalidParameter('role', "a key without a domain is the system administrator's, which is ADMIN"),
    )
  if (domainId === '' && projects.length > 0)
    violations.push(new InvalidParameter('projects', 'projects belong to a domain; give domain_id as well'))
  if (domainId !== '' && role === undefined) violations.push(new RequiredParameter('role'))
  for (const project of projects) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(project))
      violations.push(new InvalidParameter('projects', 'one of them is no id of a project'))
  }
  if (expiresAt === '') return violations
  const at = parseTimestamp(expiresAt)
  if (at === undefined) violations.push(new InvalidParameter('expires_at', 'it is no instant in ISO 8601'))
  else if (at <= now) violations.push(new InvalidParameter('expires_at', 'it lies in the past'))
  return violations
}

/**
 * Nobody is asked who they are while there is no key; so whoever makes one then makes the first, for who
 * administers the rest.
 */
async function assertFirst(tx: Transaction, domainId: string): Promise<void> {
  if (domainId !== '')
    throw new FailedPrecondition(
      'ERROR_FIRST_API_KEY',
      "the first key closes the server for everybody without one, so it must be the system administrator's: create one without domain_id first, then this one with it",
    )
  await tx.query('select pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK])
  if (await hasApiKey(tx)) throw forbidden('another key was made first, and closed the server; use that one')
}

type NewApiKey = {
  readonly domainId: string
  readonly apiKeyId: string
  readonly name: string
  readonly role: string
  readonly projects: readonly string[]
  readonly apiKey: string
  readonly expiresAt: Date | null
  readonly now: Date
}

async function insertApiKey(tx: Transaction, key: NewApiKey): Promise<void> {
  await tx.query(
    `insert into api_key (domain_id, api_key_id, name, role, projects, key_hash, hint, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      key.domainId,
      key.apiKeyId,
      key.name,
      key.role,
      key.projects,
      hashKey(key.apiKey),
      hintOf(key.apiKey),
      key.now,
      key.expiresAt,
    ],
  )
}
