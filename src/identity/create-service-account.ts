import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { projectViolations } from './project-violations.ts'
import { type ServiceAccountView, serviceAccountEntity } from './service-account-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

type CreateServiceAccountInput = {
  readonly domainId: string
  readonly name: string
  readonly data: JsonObject | undefined
  readonly provider: string
  /** '' for an account of the whole domain. */
  readonly projectId: string
  readonly tags: JsonObject
  /** '' or GENERAL; another one is refused. */
  readonly serviceAccountType: string
  readonly trustedServiceAccountId: string
}

const INSERT_ACCOUNT = `
insert into service_account (domain_id, service_account_id, name, provider, project_id, data, tags, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)`

/** Adds a service account. */
export async function createServiceAccount(
  ctx: Context,
  input: CreateServiceAccountInput,
): Promise<ServiceAccountView> {
  const { domainId, name, provider, projectId, data = {}, tags } = input
  const violations = fieldViolations(input)
  const serviceAccountId = newId('serviceAccount')
  await ctx.db.transaction(async (tx) => {
    assertNoViolations([...violations, ...(await projectViolations(tx, input))])
    await tx.query(INSERT_ACCOUNT, [
      domainId,
      serviceAccountId,
      name,
      provider,
      projectId,
      JSON.stringify(data),
      JSON.stringify(tags),
      ctx.now(),
    ])
  })
  ctx.log.info({ domainId, serviceAccountId }, 'service account created')
  return await getEntity(ctx, serviceAccountEntity, { domainId, id: serviceAccountId })
}

function fieldViolations(input: CreateServiceAccountInput): GleanerError[] {
  const { name, provider, projectId, data, tags, serviceAccountType, trustedServiceAccountId } = input
  return [
    ...nameViolations(name),
    ...(data === undefined ? [new RequiredParameter('data')] : documentViolations('data', data)),
    ...(provider === '' ? [new RequiredParameter('provider')] : tooLong('provider', provider, 40)),
    ...tooLong('project_id', projectId, 40),
    ...documentViolations('tags', tags),
    ...typeViolations(serviceAccountType),
    ...unsupportedViolations({ trusted_service_account_id: trustedServiceAccountId }),
  ]
}

function typeViolations(type: string): GleanerError[] {
  if (type === '' || type === 'GENERAL') return []
  const reason = 'this server does not combine service accounts, so that all of them are GENERAL'
  return [new InvalidParameter('service_account_type', reason)]
}
