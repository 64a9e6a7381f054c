import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, InvalidParameter, NotFound, RequiredParameter } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { projectViolations } from '../identity/index.ts'
import { getEntity } from '../query/index.ts'
import { type SecretView, secretEntity } from './secret-entity.ts'

/** Undefined keeps what is there. */
export type UpdateSecretInput = {
  readonly domainId: string
  readonly secretId: string
  readonly name: string | undefined
  readonly tags: JsonObject | undefined
  readonly projectId: string | undefined
  readonly releaseProject: boolean
}

const UPDATE_SECRET = `
update secret set name = coalesce($3, name), tags = coalesce($4, tags), project_id = coalesce($5, project_id)
 where domain_id = $1 and secret_id = $2 returning secret_id`

/** Changes what is known about a secret; its data stay. */
export async function updateSecret(ctx: Context, input: UpdateSecretInput): Promise<SecretView> {
  const { domainId, secretId, name, tags, releaseProject } = input
  const projectId = releaseProject ? '' : input.projectId
  const violations = fieldViolations(input)
  await ctx.db.transaction(async (tx) => {
    assertNoViolations([
      ...violations,
      ...(await projectViolations(tx, { domainId, projectId: projectId ?? '' })),
    ])
    const rows = await tx.query(UPDATE_SECRET, [
      domainId,
      secretId,
      name ?? null,
      tags === undefined ? null : JSON.stringify(tags),
      projectId ?? null,
    ])
    if (rows.length === 0) throw new NotFound('secret', secretId)
  })
  ctx.log.info({ domainId, secretId }, 'secret changed')
  return await getEntity(ctx, secretEntity, { domainId, id: secretId })
}

function fieldViolations({
  secretId,
  name,
  tags,
  projectId = '',
  releaseProject,
}: UpdateSecretInput): GleanerError[] {
  const both = 'it would take the secret out of a project and put it into one. Send one of the two'
  return [
    ...(secretId === '' ? [new RequiredParameter('secret_id')] : []),
    ...(name === undefined ? [] : nameViolations(name)),
    ...(tags === undefined ? [] : documentViolations('tags', tags)),
    ...tooLong('project_id', projectId, 40),
    ...(releaseProject && projectId !== '' ? [new InvalidParameter('release_project', both)] : []),
  ]
}
