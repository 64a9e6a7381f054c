import type { Authenticator } from '../../access/index.ts'
import { ApiKey, ApiKeyInfo_Role } from '../../gen/gleaner/v1/api_key_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  apiKeyEntity,
  createApiKey,
  deleteApiKey,
  getApiKey,
  listApiKeys,
  setApiKeyState,
} from '../../tenants/index.ts'
import { type AccessPolicy, implementService, type ServiceImplementation } from '../method.ts'

// Who may manage the keys of a domain may make one that may do everything there.
const WRITE: AccessPolicy = { permission: 'write', domain: 'optional' }

/**
 * `authenticator` is told of changes, so that this process follows them at once; others do within seconds.
 */
export function createApiKeyService(authenticator: Pick<Authenticator, 'forget'>): ServiceImplementation {
  async function changing<T>(work: Promise<T>): Promise<T> {
    return work.finally(() => authenticator.forget())
  }
  return implementService(ApiKey, {
    create: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { name, role, projects, expiresAt } }) =>
        changing(createApiKey(ctx, { domainId, name, role: ROLES.get(role), projects, expiresAt })),
    },
    get: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { apiKeyId } }) => getApiKey(ctx, { domainId, apiKeyId }),
    },
    list: {
      access: WRITE,
      async handle({ ctx, domainId, request, has }) {
        const equals = requestEquals(apiKeyEntity, request, has)
        const page = await listApiKeys(ctx, { domainId, query: request.query, equals })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
    enable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { apiKeyId } }) =>
        changing(setApiKeyState(ctx, { domainId, apiKeyId, state: 'ENABLED' })),
    },
    disable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { apiKeyId } }) =>
        changing(setApiKeyState(ctx, { domainId, apiKeyId, state: 'DISABLED' })),
    },
    delete: {
      access: WRITE,
      async handle({ ctx, domainId, request: { apiKeyId } }) {
        await changing(deleteApiKey(ctx, { domainId, apiKeyId }))
        return {}
      },
    },
  })
}

const ROLES = new Map<ApiKeyInfo_Role, 'VIEWER' | 'OPERATOR' | 'ADMIN'>([
  [ApiKeyInfo_Role.VIEWER, 'VIEWER'],
  [ApiKeyInfo_Role.OPERATOR, 'OPERATOR'],
  [ApiKeyInfo_Role.ADMIN, 'ADMIN'],
])
