import type { Asked } from '../../coverage/index.ts'
import {
  CloudService,
  CreateServiceRequestSchema,
  UpdateCloudServiceRequestSchema,
} from '../../gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import {
  cloudServiceEntity,
  createCloudService,
  deleteCloudService,
  getCloudService,
  listCloudServices,
  updateCloudService,
} from '../../inventory/index.ts'
import { analyzeEntities, requestEquals } from '../../query/index.ts'
import { givenFields } from '../given-fields.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat, toStruct } from './stat.ts'

export const cloudServiceService = implementService(CloudService, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      createCloudService(ctx, { domainId, given: givenFields(CreateServiceRequestSchema, request, has) }),
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) => {
      const given = givenFields(UpdateCloudServiceRequestSchema, request, has)
      const { cloudServiceId, releaseProject, releaseRegion } = request
      return updateCloudService(ctx, { domainId, cloudServiceId, given, releaseProject, releaseRegion })
    },
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      await deleteCloudService(ctx, { domainId, cloudServiceId: request.cloudServiceId })
      return {}
    },
  },
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
    asks: ({ request, has }) => ({
      ...conditionsOf(request.query),
      equals: requestEquals(cloudServiceEntity, request, has),
    }),
  },
  analyze: {
    access: READ,
    handle: async ({ ctx, domainId, request }) =>
      toStruct(await analyzeEntities(ctx, cloudServiceEntity, { domainId, query: request.query })),
    asks: ({ request }) => conditionsOf(request.query),
  },
  stat: {
    access: READ,
    handle: (call) => answerStat(call, cloudServiceEntity),
    asks: ({ request }) => conditionsOf(request.query),
  },
})

function conditionsOf(query: Pick<Asked, 'filter' | 'filterOr'> | undefined): Asked {
  return { filter: query?.filter ?? [], filterOr: query?.filterOr ?? [], equals: {} }
}
