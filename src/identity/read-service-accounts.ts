import type { Context } from '../access/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type ServiceAccountView, serviceAccountEntity } from './service-account-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

/** `trustedServiceAccountId` is refused when not empty. */
type ListServiceAccountsInput = ListInput & { readonly trustedServiceAccountId: string }

/** Lists service accounts, by name unless ordered otherwise. */
export async function listServiceAccounts(
  ctx: Context,
  { trustedServiceAccountId, ...input }: ListServiceAccountsInput,
): Promise<Page<ServiceAccountView>> {
  assertNoViolations(unsupportedViolations({ trusted_service_account_id: trustedServiceAccountId }))
  return await listEntities(ctx, serviceAccountEntity, input)
}

/** Reads one service account; an unknown id is NOT_FOUND. */
export async function getServiceAccount(
  ctx: Context,
  input: { readonly domainId: string; readonly serviceAccountId: string; readonly only?: readonly string[] },
): Promise<ServiceAccountView> {
  if (input.serviceAccountId === '') throw new RequiredParameter('service_account_id')
  return await getEntity(ctx, serviceAccountEntity, { ...input, id: input.serviceAccountId })
}
