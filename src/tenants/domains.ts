import type { JsonObject } from '@bufbuild/protobuf'
import { type Context, SYSTEM_DOMAIN } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { NotFound } from '../core/errors.ts'
import { nameViolations } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type DomainView, domainEntity } from './domain-entity.ts'

/** Lists all domains, by name unless ordered otherwise. For who administers the server. */
export async function listDomains(
  ctx: Context,
  input: Omit<ListInput, 'domainId'>,
): Promise<Page<DomainView>> {
  return await listEntities(ctx, domainEntity, { ...input, domainId: SYSTEM_DOMAIN })
}

/** Reads one domain; an unknown id is NOT_FOUND. */
export async function getDomainView(ctx: Context, { domainId }: { domainId: string }): Promise<DomainView> {
  return await getEntity(ctx, domainEntity, { domainId: SYSTEM_DOMAIN, id: domainId })
}

type NewDomainInput = { readonly name: string; readonly tags: JsonObject }

/** Creates an empty domain. */
export async function createDomain(ctx: Context, { name, tags }: NewDomainInput): Promise<DomainView> {
  assertNoViolations([...nameViolations(name), ...documentViolations('tags', tags)])
  const domainId = newId('domain')
  const createdAt = ctx.now()
  await ctx.db.transaction((tx) =>
    tx.query('insert into domain (domain_id, name, tags, created_at) values ($1, $2, $3, $4)', [
      domainId,
      name,
      JSON.stringify(tags),
      createdAt,
    ]),
  )
  ctx.log.info({ domainId }, 'domain created')
  return { domainId, name, tags, createdAt: createdAt.toISOString() }
}

type DomainChange = {
  readonly domainId: string
  /** Absent leaves it. */
  readonly name?: string | undefined
  readonly tags?: JsonObject | undefined
}

/** Changes name and tags of a domain; what is absent stays. */
export async function updateDomain(
  ctx: Context,
  { domainId, name, tags }: DomainChange,
): Promise<DomainView> {
  assertNoViolations([
    ...(name === undefined ? [] : nameViolations(name)),
    ...documentViolations('tags', tags ?? {}),
  ])
  await ctx.db.transaction(async (tx) => {
    const rows = await tx.query(
      `update domain set name = coalesce($2, name), tags = coalesce($3::jsonb, tags) where domain_id = $1 returning 1`,
      [domainId, name ?? null, tags === undefined ? null : JSON.stringify(tags)],
    )
    if (rows.length === 0) throw new NotFound('domain', domainId)
  })
  return getDomainView(ctx, { domainId })
}
