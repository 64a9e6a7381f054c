import {
  CreateRegionRequestSchema,
  Region,
  UpdateRegionRequestSchema,
} from '../../gen/spaceone/api/inventory/v1/region_pb.ts'
import {
  createRegion,
  deleteRegion,
  getRegion,
  listRegions,
  regionEntity,
  updateRegion,
} from '../../inventory/index.ts'
import { requestEquals } from '../../query/index.ts'
import { givenFields } from '../given-fields.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const regionService = implementService(Region, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      createRegion(ctx, { domainId, given: givenFields(CreateRegionRequestSchema, request, has) }),
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) => {
      const given = givenFields(UpdateRegionRequestSchema, request, has)
      return updateRegion(ctx, { domainId, regionId: request.regionId, given })
    },
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      await deleteRegion(ctx, { domainId, regionId: request.regionId })
      return {}
    },
  },
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
  stat: { access: READ, handle: (call) => answerStat(call, regionEntity) },
})
