import { type Context, SYSTEM_DOMAIN } from '../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import type { Transaction } from '../storage/index.ts'
import { type ApiKeyView, apiKeyEntity } from './api-key-entity.ts'

/** One key; `domainId` is '' for the system administrator's. */
type ApiKeyInput = { readonly domainId: string; readonly apiKeyId: string }

/** Lists the keys of a domain, or of the system administrator, newest first. */
export async function listApiKeys(ctx: Context, input: ListInput): Promise<Page<ApiKeyView>> {
  return await listEntities(ctx, apiKeyEntity, { ...input, domainId: storedDomain(input.domainId) })
}

/** Reads one key; an unknown id is NOT_FOUND. */
export async function getApiKey(ctx: Context, { domainId, apiKeyId }: ApiKeyInput): Promise<ApiKeyView> {
  if (apiKeyId === '') throw new RequiredParameter('api_key_id')
  return await getEntity(ctx, apiKeyEntity, { domainId: storedDomain(domainId), id: apiKeyId })
}

/** Lets a key be used, or no longer. */
export async function setApiKeyState(
  ctx: Context,
  { domainId, apiKeyId, state }: ApiKeyInput & { readonly state: 'ENABLED' | 'DISABLED' },
): Promise<ApiKeyView> {
  if (apiKeyId === '') throw new RequiredParameter('api_key_id')
  await ctx.db.transaction(async (tx) => {
    if (state === 'DISABLED') await lockAdministrators(tx, domainId)
    const rows = await tx.query(
      'update api_key set state = $3 where domain_id = $1 and api_key_id = $2 returning 1',
      [storedDomain(domainId), apiKeyId, state],
    )
    if (rows.length === 0) throw new NotFound('API key', apiKeyId)
    if (state === 'DISABLED') await assertAdministrated(tx, domainId)
  })
  ctx.log.info({ domainId, apiKeyId, state }, 'API key changed')
  return getApiKey(ctx, { domainId, apiKeyId })
}

/** Removes a key. */
export async function deleteApiKey(ctx: Context, { domainId, apiKeyId }: ApiKeyInput): Promise<void> {
  if (apiKeyId === '') throw new RequiredParameter('api_key_id')
  await ctx.db.transaction(async (tx) => {
    await lockAdministrators(tx, domainId)
    const rows = await tx.query('delete from api_key where domain_id = $1 and api_key_id = $2 returning 1', [
      storedDomain(domainId),
      apiKeyId,
    ])
    if (rows.length === 0) throw new NotFound('API key', apiKeyId)
    await assertAdministrated(tx, domainId)
  })
  ctx.log.info({ domainId, apiKeyId }, 'API key deleted')
}

/** Keys of the system administrator are stored under a domain of their own. */
export function storedDomain(domainId: string): string {
  return domainId === '' ? SYSTEM_DOMAIN : domainId
}

/**
 * All of them, in one order: two callers that take the last two keys away at once would each see the other's,
 * or wait for each other.
 */
async function lockAdministrators(tx: Transaction, domainId: string): Promise<void> {
  if (domainId !== '') return
  await tx.query('select 1 from api_key where domain_id = $1 order by api_key_id for update', [SYSTEM_DOMAIN])
}

async function assertAdministrated(tx: Transaction, domainId: string): Promise<void> {
  if (domainId !== '') return
  const left = await tx.query(
    `select 1 from api_key where domain_id = $1 and state = 'ENABLED' and (expires_at is null or expires_at > now())`,
    [SYSTEM_DOMAIN],
  )
  if (left.length > 0) return
  throw new FailedPrecondition(
    'ERROR_LAST_API_KEY',
    'this is the last working key of the system administrator: without it nobody could make another. Nothing was changed. Create the key that follows it first',
  )
}
