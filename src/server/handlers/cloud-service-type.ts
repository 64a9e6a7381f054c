import {
  CloudServiceType,
  CreateCloudServiceTypeRequestSchema,
  UpdateCloudServiceTypeRequestSchema,
} from '../../gen/spaceone/api/inventory/v1/cloud_service_type_pb.ts'
import {
  cloudServiceTypeEntity,
  createCloudServiceType,
  deleteCloudServiceType,
  getCloudServiceType,
  listCloudServiceTypes,
  updateCloudServiceType,
} from '../../inventory/index.ts'
import { requestEquals } from '../../query/index.ts'
import { givenFields } from '../given-fields.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const cloudServiceTypeService = implementService(CloudServiceType, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      createCloudServiceType(ctx, {
        domainId,
        given: givenFields(CreateCloudServiceTypeRequestSchema, request, has),
      }),
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) => {
      const given = givenFields(UpdateCloudServiceTypeRequestSchema, request, has)
      return updateCloudServiceType(ctx, { domainId, cloudServiceTypeId: request.cloudServiceTypeId, given })
    },
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      await deleteCloudServiceType(ctx, { domainId, cloudServiceTypeId: request.cloudServiceTypeId })
      return {}
    },
  },
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
  stat: { access: READ, handle: (call) => answerStat(call, cloudServiceTypeEntity) },
})
