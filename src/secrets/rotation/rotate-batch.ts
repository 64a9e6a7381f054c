import { byteaArray, int4Array, type Transaction, textArray } from '../../storage/index.ts'
import { rewrapKey, type SealedData, sealData, unsealData } from '../keys/sealed-data.ts'
import type { Rotation } from './begin-rotation.ts'
import type { RotateKeysDeps } from './rotate-keys.ts'

type Key = { readonly domainId: string; readonly secretId: string }
type Stored = Key & SealedData & { readonly mustReseal: boolean }

/** How many secrets one transaction changes: a fraction of a second, during which calls that change them wait. */
const BATCH = 250

// In the order of their keys, so that two that rotate at once do not lock in opposite orders.
const LOCK_BATCH = `
select domain_id, secret_id, sealed, key_version, wrapped_key, master_version,
       ($2 and key_made_at < $3) as must_reseal
  from secret
 where (domain_id, secret_id) > ($4, $5) and (master_version <> $1 or ($2 and key_made_at < $3))
 order by domain_id, secret_id limit ${BATCH}
   for no key update`

// The data stay what they are: another key, the same data_version.
const STORE = `
update secret s
   set sealed = coalesce(n.sealed, s.sealed), key_version = n.key_version, wrapped_key = n.wrapped_key,
       master_version = $6, key_made_at = case when n.sealed is null then s.key_made_at else now() end
  from unnest($1::text[], $2::text[], $3::bytea[], $4::int4[], $5::bytea[])
       as n (domain_id, secret_id, sealed, key_version, wrapped_key)
 where s.domain_id = n.domain_id and s.secret_id = n.secret_id`

const COUNT = `
update key_rotation set rewrapped = rewrapped + $2, resealed = resealed + $3 where rotation_id = $1`

export type BatchResult = {
  /** Where the next batch begins; undefined when there was nothing left. */
  readonly last: Key | undefined
  readonly unreadable: readonly Key[]
}

/** Gives the next secrets their new keys, in one transaction. */
export async function rotateBatch(
  deps: RotateKeysDeps,
  { rotationId, withDataKeys, startedAt, masterVersion }: Rotation,
  after: Key,
): Promise<BatchResult> {
  return await deps.db.transaction(async (tx) => {
    const stored = await tx.query<Stored>(LOCK_BATCH, [
      masterVersion,
      withDataKeys,
      startedAt,
      after.domainId,
      after.secretId,
    ])
    const renewed: Renewed[] = []
    const unreadable: Key[] = []
    for (const secret of stored) {
      const { domainId, secretId } = secret
      const data = await renew(deps, secret, masterVersion)
      if (data === undefined) unreadable.push({ domainId, secretId })
      else renewed.push({ domainId, secretId, ...data })
    }
    await store(tx, renewed, masterVersion)
    const resealed = renewed.filter(({ sealed }) => sealed !== null).length
    await tx.query(COUNT, [rotationId, renewed.length - resealed, resealed])
    return { last: stored.at(-1), unreadable }
  })
}

type Renewed = Key & {
  readonly sealed: Buffer | null
  readonly keyVersion: number
  readonly wrappedKey: Buffer
}

async function renew(
  { keyring }: RotateKeysDeps,
  { domainId, secretId, mustReseal, ...stored }: Stored,
  masterVersion: number,
): Promise<Omit<Renewed, keyof Key> | undefined> {
  const secret = { domainId, secretId }
  const [from, to] = [await keyring.getKey(stored.masterVersion), await keyring.getKey(masterVersion)]
  if (!mustReseal) {
    const wrapped = rewrapKey(secret, from, to, stored)
    return wrapped && { sealed: null, keyVersion: stored.keyVersion, wrappedKey: wrapped.wrappedKey }
  }
  const data = unsealData(secret, from, stored)
  return data && sealData(secret, stored.keyVersion + 1, to, data)
}

async function store(tx: Transaction, renewed: readonly Renewed[], masterVersion: number): Promise<void> {
  if (renewed.length === 0) return
  await tx.query(STORE, [
    textArray(renewed.map(({ domainId }) => domainId)),
    textArray(renewed.map(({ secretId }) => secretId)),
    byteaArray(renewed.map(({ sealed }) => sealed)),
    int4Array(renewed.map(({ keyVersion }) => keyVersion)),
    byteaArray(renewed.map(({ wrappedKey }) => wrappedKey)),
    masterVersion,
  ])
}
