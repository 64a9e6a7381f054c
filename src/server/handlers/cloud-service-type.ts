import { CloudServiceType } from '../../gen/spaceone/api/inventory/v1/cloud_service_type_pb.ts'
import {
  cloudServiceTypeEntity,
  getCloudServiceType,
  listCloudServiceTypes,
} from '../../inventory/read/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

const READ: AccessPolicy = { permission: 'read', domain: 'required' }

export const cloudServiceTypeService = implementService(CloudServiceType, {
  get: {
    access: READ,
    handle: ({ ctx, domainId, request }) =>
      getCloudServiceType(ctx, {
        domainId,
        cloudServiceTypeId: request.cloudServiceTypeId,
        only: request.only,
      }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(cloudServiceTypeEntity, request, has)
      const page = await listCloudServiceTypes(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
})
