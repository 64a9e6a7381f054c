import { FailedPrecondition } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import type { KeySource } from '../keys/key-source.ts'
import { listRegisteredKeys, type RegisteredKey } from '../keys/registered-keys.ts'
import type { RotateKeysDeps } from './rotate-keys.ts'

/** A replacement of keys, as it is stored. */
export type Rotation = {
  readonly rotationId: number
  readonly withDataKeys: boolean
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly rewrapped: number
  readonly resealed: number
  /** The master key that secrets are sealed under now. */
  readonly masterVersion: number
}

type StoredRotation = Omit<Rotation, 'masterVersion'>

// One rotation at a time; whoever comes second goes on with it.
const LOCK = `select pg_advisory_xact_lock(hashtext('gleaner key rotation'))`
const OPEN_ROTATION = 'select * from key_rotation where finished_at is null'

const INSERT_ROTATION = `
insert into key_rotation (with_data_keys, started_at) values ($1, now()) returning *`

// Waits for transactions that seal under the old key; those that come later find the new one.
const RETIRE_CURRENT = `update master_key set state = 'RETIRING' where state = 'CURRENT'`

const INSERT_KEY = `
insert into master_key (version, fingerprint, state, created_at)
select coalesce(max(version), 0) + 1, $1, 'CURRENT', $2 from master_key`

/** The rotation under way, or a new one with a new master key where there is one to be had. */
export async function beginRotation(deps: RotateKeysDeps, withDataKeys: boolean): Promise<Rotation> {
  const { db, keyring, now } = deps
  return await db.transaction(async (tx) => {
    await tx.query(LOCK)
    const [open] = await tx.query<StoredRotation>(OPEN_ROTATION)
    if (open !== undefined) return await withVersion(tx, open)
    const fingerprint = await findNewKey(await listRegisteredKeys(tx), deps)
    if (fingerprint === undefined && !withDataKeys) throw new NoNewKey(keyring.source)
    if (fingerprint !== undefined) {
      await tx.query(RETIRE_CURRENT)
      await tx.query(INSERT_KEY, [fingerprint, now()])
    }
    const [begun] = await tx.query<StoredRotation>(INSERT_ROTATION, [withDataKeys])
    if (begun === undefined) throw new Error('the rotation was not stored')
    return await withVersion(tx, begun)
  })
}

/** A key that the source holds and no secret was ever sealed under; a source that can makes one. */
async function findNewKey(
  registered: readonly RegisteredKey[],
  { keyring }: RotateKeysDeps,
): Promise<string | undefined> {
  const known = new Set(registered.map(({ fingerprint }) => fingerprint))
  const newest = async () => (await keyring.loadFingerprints()).at(-1)
  const held = await newest()
  if (held !== undefined && !known.has(held)) return held
  if (keyring.source.add === undefined) return undefined
  await keyring.source.add()
  const added = await newest()
  return added === undefined || known.has(added) ? undefined : added
}

async function withVersion(tx: Transaction, rotation: StoredRotation): Promise<Rotation> {
  const current = (await listRegisteredKeys(tx)).find(({ state }) => state === 'CURRENT')
  if (current === undefined) throw new Error('the database knows no current master key')
  return { ...rotation, masterVersion: current.version }
}

/** There is no further master key to go over to. */
class NoNewKey extends FailedPrecondition {
  constructor(source: KeySource) {
    super(
      'ERROR_MASTER_KEY',
      `there is no new master key: the newest one of ${source.name} is in use, or was, and this server cannot make another one there. Nothing was changed. Make one with: openssl rand -base64 32, ${source.howToAdd}, then rotate again`,
    )
  }
}
