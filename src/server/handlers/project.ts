import { GleanerError } from '../../core/errors.ts'
import { tooLong } from '../../core/field-violations.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { Project } from '../../gen/spaceone/api/identity/v1/project_pb.ts'
import {
  createProject,
  deleteProject,
  getProject,
  listProjects,
  projectEntity,
  updateProject,
} from '../../identity/index.ts'
import { requestEquals } from '../../query/index.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const projectService = implementService(Project, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request: { name, projectGroupId, tags = {} } }) =>
      createProject(ctx, { domainId, name, projectGroupId, tags }),
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      updateProject(ctx, {
        domainId,
        projectId: request.projectId,
        projectGroupId: request.projectGroupId,
        name: has('name') ? request.name : undefined,
        tags: request.tags,
      }),
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request: { projectId } }) {
      await deleteProject(ctx, { domainId, projectId })
      return {}
    },
  },
  get: {
    access: READ,
    handle: ({ ctx, domainId, request: { projectId, only } }) =>
      getProject(ctx, { domainId, projectId, only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const { query, projectGroupId, userId } = request
      const equals = requestEquals(projectEntity, request, has)
      const page = await listProjects(ctx, { domainId, query, equals, projectGroupId, userId })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: READ, handle: (call) => answerStat(call, projectEntity) },
  add_member: { access: WRITE, handle: refuseMembers },
  modify_member: { access: WRITE, handle: refuseMembers },
  remove_member: { access: WRITE, handle: refuseMembers },
  list_members: {
    access: READ,
    async handle({ ctx, domainId, request: { projectId, userId, roleId } }) {
      assertNoViolations([...tooLong('user_id', userId, 255), ...tooLong('role_id', roleId, 255)])
      await getProject(ctx, { domainId, projectId, only: ['project_id'] })
      return { results: [], totalCount: 0 }
    },
  },
})

function refuseMembers(): Promise<never> {
  return Promise.reject(
    new GleanerError(
      'unimplemented',
      'ERROR_UNIMPLEMENTED',
      'this server has no users and roles, so that projects have no members. Nothing was changed. Who may see a project is said by API keys that are bound to it',
    ),
  )
}
