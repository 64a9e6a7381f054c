import { ServiceAccount } from '../../gen/spaceone/api/identity/v1/service_account_pb.ts'
import {
  createServiceAccount,
  deleteServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  serviceAccountEntity,
  updateServiceAccount,
} from '../../identity/index.ts'
import { requestEquals } from '../../query/index.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const serviceAccountService = implementService(ServiceAccount, {
  create: {
    access: WRITE,
    handle({ ctx, domainId, request }) {
      const {
        name,
        data,
        provider,
        projectId,
        tags = {},
        serviceAccountType,
        trustedServiceAccountId,
      } = request
      const fields = { name, data, provider, projectId, tags, serviceAccountType, trustedServiceAccountId }
      return createServiceAccount(ctx, { domainId, ...fields })
    },
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      updateServiceAccount(ctx, {
        domainId,
        serviceAccountId: request.serviceAccountId,
        name: has('name') ? request.name : undefined,
        data: request.data,
        projectId: has('project_id') ? request.projectId : undefined,
        tags: request.tags,
        trustedServiceAccountId: request.trustedServiceAccountId,
        releaseTrustedServiceAccount: request.releaseTrustedServiceAccount,
      }),
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request: { serviceAccountId } }) {
      await deleteServiceAccount(ctx, { domainId, serviceAccountId })
      return {}
    },
  },
  get: {
    access: READ,
    handle: ({ ctx, domainId, request: { serviceAccountId, only } }) =>
      getServiceAccount(ctx, { domainId, serviceAccountId, only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const { query, trustedServiceAccountId } = request
      const equals = requestEquals(serviceAccountEntity, request, has)
      const page = await listServiceAccounts(ctx, { domainId, query, equals, trustedServiceAccountId })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: READ, handle: (call) => answerStat(call, serviceAccountEntity) },
})
