import { NotFound } from '../core/errors.ts'
import { asId, type Id } from '../core/ids.ts'
import type { Sql } from '../storage/index.ts'

/** One tenant: everything stored belongs to exactly one domain. */
type Domain = { readonly domainId: Id<'domain'>; readonly name: string; readonly createdAt: Date }

type NewDomain = { readonly domainId: string; readonly name: string; readonly now: Date }

type DomainRow = { readonly domainId: string; readonly name: string; readonly createdAt: Date }

/** Creates the domain unless it exists; an existing one keeps its name. */
export async function ensureDomain(db: Sql, { domainId, name, now }: NewDomain): Promise<Domain> {
  await db.query(
    'insert into domain (domain_id, name, created_at) values ($1, $2, $3) on conflict (domain_id) do nothing',
    [domainId, name, now],
  )
  return getDomain(db, domainId)
}

/** The domain with this id. Throws NotFound. */
export async function getDomain(db: Sql, domainId: string): Promise<Domain> {
  const [row] = await db.query<DomainRow>(
    'select domain_id, name, created_at from domain where domain_id = $1',
    [domainId],
  )
  if (row === undefined) throw new NotFound('domain', domainId)
  return { ...row, domainId: asId<'domain'>(row.domainId) }
}

/** Narrows a caller's text to the id of an existing domain, or throws NotFound. */
export async function assertDomain(db: Sql, domainId: string): Promise<Id<'domain'>> {
  return (await getDomain(db, domainId)).domainId
}
