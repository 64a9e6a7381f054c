import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { nameViolations } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { type ProjectView, projectEntity } from './project-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

/** Undefined keeps what is there. */
type UpdateProjectInput = {
  readonly domainId: string
  readonly projectId: string
  readonly name: string | undefined
  readonly tags: JsonObject | undefined
  readonly projectGroupId: string
}

const UPDATE_PROJECT = `
update project set name = coalesce($3, name), tags = coalesce($4, tags)
 where domain_id = $1 and project_id = $2 returning project_id`

/** Changes a project. */
export async function updateProject(ctx: Context, input: UpdateProjectInput): Promise<ProjectView> {
  const { domainId, projectId, name, tags, projectGroupId } = input
  assertNoViolations([
    ...(projectId === '' ? [new RequiredParameter('project_id')] : []),
    ...(name === undefined ? [] : nameViolations(name)),
    ...(tags === undefined ? [] : documentViolations('tags', tags)),
    ...unsupportedViolations({ project_group_id: projectGroupId }),
  ])
  const params = [domainId, projectId, name ?? null, tags === undefined ? null : JSON.stringify(tags)]
  const rows = await ctx.db.query(UPDATE_PROJECT, params)
  if (rows.length === 0) throw new NotFound('project', projectId)
  ctx.log.info({ domainId, projectId }, 'project changed')
  return await getEntity(ctx, projectEntity, { domainId, id: projectId })
}
