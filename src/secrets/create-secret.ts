import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, NotFound } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { projectViolations, unsupportedViolations } from '../identity/index.ts'
import { getEntity } from '../query/index.ts'
import type { Transaction } from '../storage/index.ts'
import { dataViolations } from './data-violations.ts'
import type { Keyring } from './keys/keyring.ts'
import { type SecretView, secretEntity } from './secret-entity.ts'
import { storeSecret } from './store-secret.ts'

export type CreateSecretInput = {
  readonly domainId: string
  readonly name: string
  readonly data: JsonObject | undefined
  readonly schema: string
  readonly serviceAccountId: string
  /** '' for that of the service account. */
  readonly projectId: string
  readonly tags: JsonObject
  readonly trustedSecretId: string
}

/**
 * Adds a secret. Its data are sealed before they are stored, and are never read back by anybody but a plugin.
 */
export async function createSecret(
  ctx: Context,
  { keyring }: { readonly keyring: Keyring },
  input: CreateSecretInput,
): Promise<SecretView> {
  const { domainId, name, data = {}, schema, serviceAccountId, tags } = input
  const violations = fieldViolations(input)
  const secretId = newId('secret')
  await ctx.db.transaction(async (tx) => {
    const account = await findAccount(tx, input)
    assertNoViolations([
      ...violations,
      ...(account === undefined ? [new NotFound('service account', serviceAccountId)] : []),
      ...(await projectViolations(tx, input)),
    ])
    const { provider = '', projectId = '' } = account ?? {}
    const secret = {
      domainId,
      secretId,
      name,
      schema,
      provider,
      serviceAccountId,
      tags,
      createdAt: ctx.now(),
    }
    await storeSecret(tx, keyring, { ...secret, projectId: input.projectId || projectId }, data)
  })
  ctx.log.info({ domainId, secretId }, 'secret created')
  return await getEntity(ctx, secretEntity, { domainId, id: secretId })
}

function fieldViolations(input: CreateSecretInput): GleanerError[] {
  const { name, data, schema, serviceAccountId, projectId, tags, trustedSecretId } = input
  return [
    ...nameViolations(name),
    ...dataViolations(data),
    ...tooLong('schema', schema, 40),
    ...tooLong('service_account_id', serviceAccountId, 40),
    ...tooLong('project_id', projectId, 40),
    ...documentViolations('tags', tags),
    ...unsupportedViolations({ trusted_secret_id: trustedSecretId }),
  ]
}

type Account = { readonly provider: string; readonly projectId: string }

// SHARE, so that the account stays, and stays in its project, until the secret can be seen.
const HOLD_ACCOUNT = `
select provider, project_id from service_account where domain_id = $1 and service_account_id = $2 for share`

/** An empty account where none is named; undefined when the one named is not there. */
async function findAccount(
  tx: Transaction,
  { domainId, serviceAccountId }: CreateSecretInput,
): Promise<Account | undefined> {
  if (serviceAccountId === '') return { provider: '', projectId: '' }
  const [row] = await tx.query<Account>(HOLD_ACCOUNT, [domainId, serviceAccountId])
  return row
}
