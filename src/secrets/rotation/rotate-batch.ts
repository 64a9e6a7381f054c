import { byteaArray, int4Array, type Transaction, textArray } from '../../storage/index.ts'
import { rewrapKey, type SealedData, sealData, unsealData } from '../keys/sealed-data.ts'
import type { Rotation } from './begin-rotation.ts'
import type { RotateKeysDeps } from './rotate-keys.ts'

type Key = { readonly domainId: string; readonly secretId: string }
type Stored = Key & SealedData & { readonly mustReseal: boolean }

/**
 * What holds sealed data, in columns of the same names: secrets, and the signing keys of webhooks, whose id
 * takes the place of the secret's.
 */
export const SEALED = [
  { table: 'secret', id: 'secret_id' },
  { table: 'webhook', id: 'webhook_id' },
] as const

type Sealed = (typeof SEALED)[number]

/**
 * How many secrets one transaction changes: a fraction of a second, during which calls that change them wait.
 */
const BATCH = 250

// In the order of their keys, so that two that rotate at once do not lock in opposite orders.
const lockBatch = ({ table, id }: Sealed) => `
select domain_id, ${id} as secret_id, sealed, key_version, wrapped_key, master_version,
       ($2 and key_made_at < $3) as must_reseal
  from ${table}
 where (domain_id, ${id}) > ($4, $5) and (master_version <> $1 or ($2 and key_made_at < $3))
 order by domain_id, ${id} limit ${BATCH}
   for no key update`

// The data stay what they are: another key, the same data_version.
const storeBatch = ({ table, id }: Sealed) => `
update ${table} s
   set sealed = coalesce(n.sealed, s.sealed), key_version = n.key_version, wrapped_key = n.wrapped_key,
       master_version = $6, key_made_at = case when n.sealed is null then s.key_made_at else now() end
  from unnest($1::text[], $2::text[], $3::bytea[], $4::int4[], $5::bytea[])
       as n (domain_id, secret_id, sealed, key_version, wrapped_key)
 where s.domain_id = n.domain_id and s.${id} = n.secret_id`

const COUNT = `
update key_rotation set rewrapped = rewrapped + $2, resealed = resealed + $3 where rotation_id = $1`

type BatchResult = {
  /** Where the next batch begins; undefined when there was nothing left. */
  readonly last: Key | undefined
  readonly unreadable: readonly Key[]
}

/** Gives the next secrets their new keys, in one transaction. */
export async function rotateBatch(
  deps: RotateKeysDeps,
  { rotationId, withDataKeys, startedAt, masterVersion }: Rotation,
  { sealed, after }: { readonly sealed: Sealed; readonly after: Key },
): Promise<BatchResult> {
  return await deps.db.transaction(async (tx) => {
    const stored = await tx.query<Stored>(lockBatch(sealed), [
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
    await store(tx, sealed, { renewed, masterVersion })
    const resealed = renewed.filter((each) => each.sealed !== null).length
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

async function store(
  tx: Transaction,
  sealed: Sealed,
  { renewed, masterVersion }: { readonly renewed: readonly Renewed[]; readonly masterVersion: number },
): Promise<void> {
  if (renewed.length === 0) return
  await tx.query(storeBatch(sealed), [
    textArray(renewed.map(({ domainId }) => domainId)),
    textArray(renewed.map(({ secretId }) => secretId)),
    byteaArray(renewed.map(({ sealed }) => sealed)),
    int4Array(renewed.map(({ keyVersion }) => keyVersion)),
    byteaArray(renewed.map(({ wrappedKey }) => wrappedKey)),
    masterVersion,
  ])
}
