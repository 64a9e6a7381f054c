import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { unsupportedViolations } from '../identity/index.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type SecretView, secretEntity } from './secret-entity.ts'

type ListSecretsInput = ListInput & { readonly trustedSecretId: string }

/** Lists secrets without their data, by name unless ordered otherwise. */
export async function listSecrets(ctx: Context, input: ListSecretsInput): Promise<Page<SecretView>> {
  const { trustedSecretId, ...rest } = input
  assertNoViolations(unsupportedViolations({ trusted_secret_id: trustedSecretId }))
  return await listEntities(ctx, secretEntity, rest)
}

type Key = { readonly domainId: string; readonly secretId: string }

/** Reads one secret without its data; an unknown id is NOT_FOUND. */
export async function getSecret(
  ctx: Context,
  input: Key & { readonly only?: readonly string[] },
): Promise<SecretView> {
  if (input.secretId === '') throw new RequiredParameter('secret_id')
  return await getEntity(ctx, secretEntity, { ...input, id: input.secretId })
}

/** Refuses to show the data of a secret: whoever may ask knows that it exists, and nobody gets more. */
export async function refuseSecretData(ctx: Context, key: Key): Promise<never> {
  await getSecret(ctx, { ...key, only: ['secret_id'] })
  throw new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    `the data of secret '${key.secretId}' are not shown: they can be written and used, and read by plugins alone. Store them again with Secret.update_data when they are lost`,
  )
}
