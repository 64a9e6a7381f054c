import { GleanerError, Unavailable } from '../core/errors.ts'
import { createPlaces, type Sql } from '../storage/index.ts'
import type { ApiKeyPrincipal, KeyRole, Principal } from './context.ts'
import { hashKey, isMistyped } from './key-text.ts'
import { SYSTEM_DOMAIN } from './system-domain.ts'

/** How long what is known about a key is believed, milliseconds: a revoked key works no longer than this. */
const TRUST_MS = 2_000

/**
 * Keys that are looked up at the same time, so that whoever makes up keys takes no connections from those who
 * work; a key that was found before does not wait behind those.
 */
const LOOK_UPS = 2

/** How long a key waits to be looked up, milliseconds. */
const LOOK_UP_WAIT_MS = 5_000

/** How long the server is believed to be open, milliseconds. Once closed it stays so. */
const OPEN_TRUST_MS = 1_000

/** More keys than this are looked up each time, so that guessing callers take no memory. */
const MAX_ENTRIES = 1_000

/** `last_used_at` is exact to this, milliseconds: a busy key must not write a row a request. */
const USE_NOTED_EVERY_MS = 60_000

/** What a caller showed of itself: the key, or '' for nothing. */
export type Authenticator = {
  /** Says who calls. Throws UNAUTHENTICATED for a key that does not work, and for none once keys exist. */
  authenticate(key: string): Promise<Principal>
  /** Forgets what is remembered, after a change to keys in this process. */
  forget(): void
}

type Found = ApiKeyPrincipal & { readonly expiresAt: Date | null }

/**
 * Looks keys up by their hash, and remembers for two seconds what it found. `db` sees the keys of all
 * domains.
 */
export function createAuthenticator(db: Sql): Authenticator {
  const working = new Map<string, { readonly found: Found; readonly until: number }>()
  const useless = new Map<string, { readonly found: undefined; readonly until: number }>()
  /** What is being looked up: whoever asks for the same key meanwhile gets the same answer. */
  const asking = new Map<string, Promise<Found | undefined>>()
  let answeredAt = Number.NEGATIVE_INFINITY
  const places = createPlaces({
    count: LOOK_UPS,
    waitMs: LOOK_UP_WAIT_MS,
    // Whoever waited while nothing at all was answered waited for the database, and not behind others.
    refusal: () => (performance.now() - answeredAt < LOOK_UP_WAIT_MS ? tooManyKeys() : unanswered()),
  })
  const notedAt = new Map<string, number>()
  let isClosed = false
  let openUntil = 0
  /** How often something was forgotten: an answer from before that is told once, and not remembered. */
  let forgotten = 0

  async function authenticate(key: string): Promise<Principal> {
    if (key === '') {
      if (await isOpen()) return { kind: 'anonymous' }
      throw unauthenticated('this call needs an API key, and came with none')
    }
    if (isMistyped(key)) throw unauthenticated('the API key is mistyped or incomplete: its checksum is wrong')
    const found = await find(hashKey(key))
    if (found === undefined) throw unauthenticated('the API key is unknown, disabled or deleted')
    const { expiresAt, ...principal } = found
    if (expiresAt !== null && expiresAt.getTime() <= Date.now())
      throw unauthenticated('the API key has expired')
    noteUse(principal)
    return principal
  }

  async function isOpen(): Promise<boolean> {
    if (isClosed) return false
    if (openUntil > performance.now()) return true
    const asked = forgotten
    const isOpenNow = !(await hasApiKey(db))
    // Answers may come in another order than they were asked for; and once it is closed it stays so.
    if (!isOpenNow) isClosed = true
    else if (asked === forgotten) openUntil = performance.now() + OPEN_TRUST_MS
    return isOpenNow && !isClosed
  }

  async function find(hash: Buffer): Promise<Found | undefined> {
    const name = hash.toString('base64')
    const entry = working.get(name) ?? useless.get(name)
    if (entry !== undefined && entry.until > performance.now()) return entry.found
    const asked = asking.get(name)
    if (asked !== undefined) return await asked
    const answer = lookUp(hash, name).finally(() => {
      if (asking.get(name) === answer) asking.delete(name)
    })
    asking.set(name, answer)
    return await answer
  }

  async function lookUp(hash: Buffer, name: string): Promise<Found | undefined> {
    const asked = forgotten
    const leave = await places.take(working.has(name) ? 'working' : 'unknown')
    try {
      const [row] = await db.query<KeyRow>(FIND, [hash, SYSTEM_DOMAIN], { name: 'find_api_key' })
      answeredAt = performance.now()
      const found: Found | undefined = row && { kind: 'api_key', ...row }
      if (asked === forgotten) remember(name, found)
      return found
    } finally {
      leave()
    }
  }

  function remember(name: string, found: Found | undefined): void {
    const until = performance.now() + TRUST_MS
    if (found === undefined) {
      working.delete(name)
      if (useless.size >= MAX_ENTRIES) useless.clear()
      useless.set(name, { found, until })
    } else {
      useless.delete(name)
      if (working.size >= MAX_ENTRIES) working.clear()
      working.set(name, { found, until })
    }
  }

  /** Nobody waits for it, and its failure harms nobody: the next use tries again. */
  function noteUse({ domainId, apiKeyId }: ApiKeyPrincipal): void {
    const last = notedAt.get(apiKeyId)
    if (last !== undefined && performance.now() - last < USE_NOTED_EVERY_MS) return
    if (notedAt.size >= MAX_ENTRIES) notedAt.clear()
    notedAt.set(apiKeyId, performance.now())
    db.query(NOTE_USE, [domainId || SYSTEM_DOMAIN, apiKeyId]).catch(() => notedAt.delete(apiKeyId))
  }

  return {
    authenticate,
    forget() {
      forgotten++
      for (const [name, { found }] of working) working.set(name, { found, until: 0 })
      useless.clear()
      asking.clear()
      openUntil = 0
    },
  }
}

/** Whether any key was ever made and not deleted, working or not: one closes the server. */
export async function hasApiKey(db: Sql): Promise<boolean> {
  const [row] = await db.query<{ exists: boolean }>('select exists (select from api_key) as exists')
  return row?.exists ?? false
}

type KeyRow = {
  readonly domainId: string
  readonly apiKeyId: string
  readonly role: KeyRole
  readonly projectIds: string[]
  readonly expiresAt: Date | null
}

const FIND = `
  select case when domain_id = $2 then '' else domain_id end as domain_id, api_key_id, role, projects as project_ids, expires_at
  from api_key where key_hash = $1 and state = 'ENABLED'`

// Other processes note the same use; whoever comes second within the minute writes nothing.
const NOTE_USE = `
  update api_key set last_used_at = now()
  where domain_id = $1 and api_key_id = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`

function tooManyKeys(): GleanerError {
  return new GleanerError(
    'exhausted',
    'ERROR_TOO_MANY_REQUESTS',
    'more keys that this server has not seen lately are sent to it than it looks up, so this request was not begun. Try again later',
    { retryable: true, retryAfterMs: LOOK_UP_WAIT_MS },
  )
}

function unanswered(): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    'the database does not answer who the key belongs to, so this request was not begun. Check that PostgreSQL runs and accepts connections',
  )
}

function unauthenticated(reason: string): GleanerError {
  return new GleanerError(
    'unauthenticated',
    'ERROR_AUTHENTICATE_FAILURE',
    `${reason}. Send a valid one as "Authorization: Bearer KEY", over gRPC also as metadata "token"; an administrator makes them with: gleaner keys create`,
  )
}
