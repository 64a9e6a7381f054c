import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, NotFound, RequiredParameter } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { projectViolations } from './project-violations.ts'
import { type ServiceAccountView, serviceAccountEntity } from './service-account-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

/** Undefined keeps what is there. */
type UpdateServiceAccountInput = {
  readonly domainId: string
  readonly serviceAccountId: string
  readonly name: string | undefined
  readonly data: JsonObject | undefined
  /** '' makes it an account of the whole domain. */
  readonly projectId: string | undefined
  readonly tags: JsonObject | undefined
  readonly trustedServiceAccountId: string
  readonly releaseTrustedServiceAccount: boolean
}

const LOCK_ACCOUNT = `
select project_id from service_account
 where domain_id = $1 and service_account_id = $2 for no key update`

const UPDATE_ACCOUNT = `
update service_account
   set name = coalesce($3, name), data = coalesce($4, data), project_id = coalesce($5, project_id),
       tags = coalesce($6, tags)
 where domain_id = $1 and service_account_id = $2`

// Those that were given a project of their own stay in it.
const MOVE_SECRETS = `
update secret set project_id = $4 where domain_id = $1 and service_account_id = $2 and project_id = $3`

/** Changes a service account. Its secrets move along with it to another project. */
export async function updateServiceAccount(
  ctx: Context,
  input: UpdateServiceAccountInput,
): Promise<ServiceAccountView> {
  const { domainId, serviceAccountId, name, data, projectId, tags } = input
  const violations = fieldViolations(input)
  await ctx.db.transaction(async (tx) => {
    assertNoViolations([
      ...violations,
      ...(await projectViolations(tx, { domainId, projectId: projectId ?? '' })),
    ])
    const [before] = await tx.query<{ projectId: string }>(LOCK_ACCOUNT, [domainId, serviceAccountId])
    if (before === undefined) throw new NotFound('service account', serviceAccountId)
    const [newData, newTags] = [data, tags].map((value) =>
      value === undefined ? null : JSON.stringify(value),
    )
    await tx.query(UPDATE_ACCOUNT, [
      domainId,
      serviceAccountId,
      name ?? null,
      newData,
      projectId ?? null,
      newTags,
    ])
    if (projectId !== undefined && projectId !== before.projectId) {
      await tx.query(MOVE_SECRETS, [domainId, serviceAccountId, before.projectId, projectId])
    }
  })
  ctx.log.info({ domainId, serviceAccountId }, 'service account changed')
  return await getEntity(ctx, serviceAccountEntity, { domainId, id: serviceAccountId })
}

function fieldViolations(input: UpdateServiceAccountInput): GleanerError[] {
  const { serviceAccountId, name, data, projectId = '', tags } = input
  return [
    ...(serviceAccountId === '' ? [new RequiredParameter('service_account_id')] : []),
    ...(name === undefined ? [] : nameViolations(name)),
    ...(data === undefined ? [] : documentViolations('data', data)),
    ...tooLong('project_id', projectId, 40),
    ...(tags === undefined ? [] : documentViolations('tags', tags)),
    ...unsupportedViolations({
      trusted_service_account_id: input.trustedServiceAccountId,
      release_trusted_service_account: input.releaseTrustedServiceAccount,
    }),
  ]
}
