import { Domain } from '../../gen/gleaner/v1/domain_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  createDomain,
  deleteDomain,
  domainEntity,
  getDomainView,
  listDomains,
  updateDomain,
} from '../../tenants/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

const SYSTEM: AccessPolicy = { permission: 'system', domain: 'none' }

export const domainService = implementService(Domain, {
  create: {
    access: SYSTEM,
    handle: ({ ctx, request: { name, tags = {} } }) => createDomain(ctx, { name, tags }),
  },
  update: {
    access: { permission: 'write', domain: 'required' },
    handle: ({ ctx, domainId, request: { name, tags } }) =>
      updateDomain(ctx, { domainId, name: name === '' ? undefined : name, tags }),
  },
  // Above the domain, which is gone when the request ends.
  delete: {
    access: SYSTEM,
    async handle({ ctx, request: { domainId } }) {
      await deleteDomain(ctx, { domainId })
      return {}
    },
  },
  get: {
    access: { permission: 'read', domain: 'required' },
    handle: ({ ctx, domainId }) => getDomainView(ctx, { domainId }),
  },
  list: {
    access: SYSTEM,
    async handle({ ctx, request, has }) {
      const equals = requestEquals(domainEntity, request, has)
      const page = await listDomains(ctx, { query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
})
