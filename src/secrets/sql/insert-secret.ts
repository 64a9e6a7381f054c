import type { JsonObject } from '@bufbuild/protobuf'
import type { Transaction } from '../../storage/index.ts'
import type { SealedData } from '../keys/sealed-data.ts'

/** A secret as it is stored for the first time, without its data. */
export type NewSecret = {
  readonly domainId: string
  readonly secretId: string
  readonly name: string
  readonly schema: string
  readonly provider: string
  readonly serviceAccountId: string
  readonly projectId: string
  readonly tags: JsonObject
  readonly createdAt: Date
}

// Keys are compared with the beginning of a rotation, so that both are by the database's clock.
const INSERT_SECRET = `
insert into secret (domain_id, secret_id, name, schema, provider, service_account_id, project_id, tags, created_at,
                    data_changed_at, sealed, key_version, key_made_at, wrapped_key, master_version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, now(), $12, $13)`

export async function insertSecret(tx: Transaction, secret: NewSecret, data: SealedData): Promise<void> {
  await tx.query(INSERT_SECRET, [
    secret.domainId,
    secret.secretId,
    secret.name,
    secret.schema,
    secret.provider,
    secret.serviceAccountId,
    secret.projectId,
    JSON.stringify(secret.tags),
    secret.createdAt,
    data.sealed,
    data.keyVersion,
    data.wrappedKey,
    data.masterVersion,
  ])
}
