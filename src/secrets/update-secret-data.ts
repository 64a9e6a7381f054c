import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { tooLong } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { dataViolations } from './data-violations.ts'
import type { Keyring } from './keys/keyring.ts'
import { sealData } from './keys/sealed-data.ts'

export type UpdateSecretDataInput = {
  readonly domainId: string
  readonly secretId: string
  readonly data: JsonObject | undefined
  /** Undefined keeps what is there. */
  readonly schema: string | undefined
}

const LOCK_SECRET = 'select key_version from secret where domain_id = $1 and secret_id = $2 for no key update'

const UPDATE_DATA = `
update secret
   set sealed = $3, key_version = $4, wrapped_key = $5, master_version = $6, key_made_at = now(),
       data_version = data_version + 1, data_changed_at = $7, schema = coalesce($8, schema)
 where domain_id = $1 and secret_id = $2`

/**
 * Replaces the data of a secret. They come with a new key, and with a new number that runs are told apart by.
 */
export async function updateSecretData(
  ctx: Context,
  { keyring }: { readonly keyring: Keyring },
  { domainId, secretId, data, schema }: UpdateSecretDataInput,
): Promise<void> {
  assertNoViolations([
    ...(secretId === '' ? [new RequiredParameter('secret_id')] : []),
    ...dataViolations(data),
    ...tooLong('schema', schema ?? '', 40),
  ])
  await ctx.db.transaction(async (tx) => {
    const master = await keyring.holdCurrentKey(tx)
    const [secret] = await tx.query<{ keyVersion: number }>(LOCK_SECRET, [domainId, secretId])
    if (secret === undefined) throw new NotFound('secret', secretId)
    const { sealed, keyVersion, wrappedKey, masterVersion } = sealData(
      { domainId, secretId },
      secret.keyVersion + 1,
      master,
      data ?? {},
    )
    const stored = [sealed, keyVersion, wrappedKey, masterVersion, ctx.now(), schema ?? null]
    await tx.query(UPDATE_DATA, [domainId, secretId, ...stored])
  })
  ctx.log.info({ domainId, secretId }, 'secret data changed')
}
