import type { JsonObject } from '@bufbuild/protobuf'
import type { Context, Principal } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { nameViolations } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { type ProjectView, projectEntity } from './project-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

type CreateProjectInput = {
  readonly domainId: string
  readonly name: string
  readonly tags: JsonObject
  /** Refused when not empty: there are no project groups. */
  readonly projectGroupId: string
}

const INSERT_PROJECT = `
insert into project (domain_id, project_id, name, tags, created_by, created_at) values ($1, $2, $3, $4, $5, $6)`

/** Adds a project. */
export async function createProject(ctx: Context, input: CreateProjectInput): Promise<ProjectView> {
  const { domainId, name, tags, projectGroupId } = input
  assertNoViolations([
    ...nameViolations(name),
    ...documentViolations('tags', tags),
    ...unsupportedViolations({ project_group_id: projectGroupId }),
  ])
  const projectId = newId('project')
  const createdBy = creatorOf(ctx.principal)
  await ctx.db.query(INSERT_PROJECT, [domainId, projectId, name, JSON.stringify(tags), createdBy, ctx.now()])
  ctx.log.info({ domainId, projectId }, 'project created')
  return await getEntity(ctx, projectEntity, { domainId, id: projectId })
}

// Only a key has an id; without one everybody is the same.
function creatorOf(principal: Principal): string {
  return 'apiKeyId' in principal && typeof principal.apiKeyId === 'string' ? principal.apiKeyId : ''
}
