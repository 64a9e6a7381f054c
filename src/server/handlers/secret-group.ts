import { SecretGroup } from '../../gen/spaceone/api/secret/v1/secret_group_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  addSecretToGroup,
  createSecretGroup,
  deleteSecretGroup,
  getSecretGroup,
  listSecretGroups,
  removeSecretFromGroup,
  secretGroupEntity,
  updateSecretGroup,
} from '../../secrets/index.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const secretGroupService = implementService(SecretGroup, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request: { name, tags = {} } }) =>
      createSecretGroup(ctx, { domainId, name, tags }),
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) =>
      updateSecretGroup(ctx, {
        domainId,
        secretGroupId: request.secretGroupId,
        name: has('name') ? request.name : undefined,
        tags: request.tags,
      }),
  },
  add_secret: {
    access: WRITE,
    async handle({ ctx, domainId, request: { secretGroupId, secretId } }) {
      const { group, secret } = await addSecretToGroup(ctx, { domainId, secretGroupId, secretId })
      return { secretGroupInfo: group, secretInfo: secret, domainId }
    },
  },
  remove_secret: {
    access: WRITE,
    async handle({ ctx, domainId, request: { secretGroupId, secretId } }) {
      await removeSecretFromGroup(ctx, { domainId, secretGroupId, secretId })
      return {}
    },
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request: { secretGroupId } }) {
      await deleteSecretGroup(ctx, { domainId, secretGroupId })
      return {}
    },
  },
  get: {
    access: READ,
    handle: ({ ctx, domainId, request: { secretGroupId, only } }) =>
      getSecretGroup(ctx, { domainId, secretGroupId, only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(secretGroupEntity, request, has)
      const { query, secretId } = request
      const page = await listSecretGroups(ctx, { domainId, query, equals, secretId })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: READ, handle: (call) => answerStat(call, secretGroupEntity) },
})
