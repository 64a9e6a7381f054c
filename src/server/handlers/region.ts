import { Region } from '../../gen/spaceone/api/inventory/v1/region_pb.ts'
import { getRegion, listRegions, regionEntity } from '../../inventory/read/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

const READ: AccessPolicy = { permission: 'read', domain: 'required' }

export const regionService = implementService(Region, {
  get: {
    access: READ,
    handle: ({ ctx, domainId, request }) =>
      getRegion(ctx, { domainId, regionId: request.regionId, only: request.only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(regionEntity, request, has)
      const page = await listRegions(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
})
