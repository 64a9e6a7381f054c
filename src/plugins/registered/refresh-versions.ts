import type { Logger } from '../../access/index.ts'
import { GleanerError } from '../../core/errors.ts'
import type { Database, Transaction } from '../../storage/index.ts'
import type { VersionLister } from '../version-lister.ts'
import { addVersions } from './sql/add-versions.ts'

type RefreshDeps = {
  readonly db: Database
  readonly lister: VersionLister
  readonly log: Logger
}

type Key = { readonly domainId: string; readonly pluginId: string }

/**
 * How long it is left in peace after a list that failed. Also what holds back others while one of them asks.
 */
const RETRY_AFTER_MS = 60_000

// Whoever gets the row asks; the others take the versions that are known.
const CLAIM = `
update plugin set versions_due_at = now() + $3 * interval '1 ms'
 where domain_id = $1 and plugin_id = $2 and versions_due_at <= now()
returning image`

/**
 * Has the versions of a plugin listed again if the last list is old. A registry that cannot be asked changes
 * nothing: what is known goes on, and the reason is kept with the plugin.
 */
export async function refreshIfDue(deps: RefreshDeps, key: Key, signal: AbortSignal): Promise<void> {
  const [claimed] = await deps.db.transaction(
    (tx) => tx.query<{ image: string }>(CLAIM, [key.domainId, key.pluginId, RETRY_AFTER_MS]),
    { isUpkeep: true },
  )
  if (claimed === undefined) return
  try {
    const versions = await deps.lister.list(claimed.image, signal)
    await deps.db.transaction((tx) => storeVersions(tx, deps.lister, key, versions), { isUpkeep: true })
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof GleanerError)) throw thrown
    await deps.db.transaction((tx) => noteFailure(tx, key, thrown.message), { isUpkeep: true })
    deps.log.warn({ ...key, reason: thrown.message }, 'plugin versions not listed')
  }
}

const LOCK =
  'select 1 from plugin where domain_id = $1 and plugin_id = $2 and versions_due_at is not null for update'

// What a registry has no more is no longer offered. A version that somebody is pinned to stays, since it may
// be installed.
const FORGET_VANISHED = `
delete from plugin_version v
 where v.domain_id = $1 and v.plugin_id = $2 and v.version <> all ($3::text[])
   and not exists (select 1 from collector c
                    where c.domain_id = v.domain_id and c.plugin_id = v.plugin_id
                      and c.plugin_version = v.version and c.upgrade_mode = 'MANUAL')
returning v.version`

const NOTE_SUCCESS = `
update plugin
   set versions_due_at = now() + $3 * interval '1 ms', versions_error = '',
       updated_at = case when $4 then now() else updated_at end
 where domain_id = $1 and plugin_id = $2`

/** What a list changed. */
export type VersionsChange = { readonly added: number; readonly removed: number }

/**
 * Takes over what a registry listed. Of a plugin that is gone, or whose versions are told, nothing is stored.
 */
export async function storeVersions(
  tx: Transaction,
  { maxAgeMs }: VersionLister,
  { domainId, pluginId }: Key,
  versions: readonly string[],
): Promise<VersionsChange> {
  const [held] = await tx.query(LOCK, [domainId, pluginId])
  if (held === undefined) return { added: 0, removed: 0 }
  const added = await addVersions(tx, { domainId, pluginId, versions, at: new Date() })
  const removed = (await tx.query(FORGET_VANISHED, [domainId, pluginId, versions])).length
  await tx.query(NOTE_SUCCESS, [domainId, pluginId, maxAgeMs, added + removed > 0])
  return { added, removed }
}

async function noteFailure(tx: Transaction, { domainId, pluginId }: Key, reason: string): Promise<void> {
  await tx.query('update plugin set versions_error = $3 where domain_id = $1 and plugin_id = $2', [
    domainId,
    pluginId,
    reason.slice(0, 2_000),
  ])
}
