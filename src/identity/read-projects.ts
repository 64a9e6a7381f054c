import type { Context } from '../access/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type ProjectView, projectEntity } from './project-entity.ts'
import { unsupportedViolations } from './unsupported-violations.ts'

/** The last two are refused when not empty: there are no project groups and no users. */
type ListProjectsInput = ListInput & { readonly projectGroupId: string; readonly userId: string }

/** Lists projects, by name unless ordered otherwise. */
export async function listProjects(ctx: Context, input: ListProjectsInput): Promise<Page<ProjectView>> {
  const { projectGroupId, userId, ...rest } = input
  assertNoViolations(unsupportedViolations({ project_group_id: projectGroupId, user_id: userId }))
  return await listEntities(ctx, projectEntity, rest)
}

/** Reads one project; an unknown id is NOT_FOUND. */
export async function getProject(
  ctx: Context,
  input: { readonly domainId: string; readonly projectId: string; readonly only?: readonly string[] },
): Promise<ProjectView> {
  if (input.projectId === '') throw new RequiredParameter('project_id')
  return await getEntity(ctx, projectEntity, { ...input, id: input.projectId })
}
