import { CloudService } from '../../gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import { cloudServiceEntity, getCloudService, listCloudServices } from '../../inventory/read/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

const READ: AccessPolicy = { permission: 'read', domain: 'required' }

export const cloudServiceService = implementService(CloudService, {
  get: {
    access: READ,
    handle: ({ ctx, domainId, request }) =>
      getCloudService(ctx, { domainId, cloudServiceId: request.cloudServiceId, only: request.only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const { query, resourceGroupId, projectGroupId } = request
      const equals = requestEquals(cloudServiceEntity, request, has)
      const page = await listCloudServices(ctx, { domainId, query, equals, resourceGroupId, projectGroupId })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
})
