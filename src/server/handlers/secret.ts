import { Secret } from '../../gen/spaceone/api/secret/v1/secret_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  createSecret,
  deleteSecret,
  getSecret,
  type Keyring,
  listSecrets,
  refuseSecretData,
  secretEntity,
  updateSecret,
  updateSecretData,
} from '../../secrets/index.ts'
import { implementService, READ, type ServiceImplementation, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export function createSecretService(deps: { readonly keyring: Keyring }): ServiceImplementation {
  return implementService(Secret, {
    create: {
      access: WRITE,
      handle({ ctx, domainId, request }) {
        const { name, data, schema, serviceAccountId, projectId, trustedSecretId, tags = {} } = request
        const fields = { name, data, schema, serviceAccountId, projectId, trustedSecretId, tags }
        return createSecret(ctx, deps, { domainId, ...fields })
      },
    },
    update: {
      access: WRITE,
      handle: ({ ctx, domainId, request, has }) =>
        updateSecret(ctx, {
          domainId,
          secretId: request.secretId,
          name: has('name') ? request.name : undefined,
          tags: request.tags,
          projectId: has('project_id') ? request.projectId : undefined,
          releaseProject: request.releaseProject,
        }),
    },
    update_data: {
      access: WRITE,
      async handle({ ctx, domainId, request, has }) {
        const { secretId, data } = request
        const schema = has('schema') ? request.schema : undefined
        await updateSecretData(ctx, deps, { domainId, secretId, data, schema })
        return {}
      },
    },
    delete: {
      access: WRITE,
      async handle({ ctx, domainId, request: { secretId } }) {
        await deleteSecret(ctx, { domainId, secretId })
        return {}
      },
    },
    get_data: {
      access: READ,
      handle: ({ ctx, domainId, request: { secretId } }) => refuseSecretData(ctx, { domainId, secretId }),
    },
    get: {
      access: READ,
      handle: ({ ctx, domainId, request: { secretId, only } }) =>
        getSecret(ctx, { domainId, secretId, only }),
    },
    list: {
      access: READ,
      async handle({ ctx, domainId, request, has }) {
        const { query, trustedSecretId } = request
        const equals = requestEquals(secretEntity, request, has)
        const page = await listSecrets(ctx, { domainId, query, equals, trustedSecretId })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
    stat: { access: READ, handle: (call) => answerStat(call, secretEntity) },
  })
}
