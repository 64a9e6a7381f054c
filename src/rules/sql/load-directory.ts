import type { Sql } from '../../storage/index.ts'
import type { FoundAccount } from '../apply-rules.ts'

/** What is found by which value. */
export type Lookup<T> = ReadonlyMap<string, T>

// All of a domain in one statement: a run asks once, and then thousands of resources ask the result. `#>>`
// reads a text of a document as it is written, and a column of the row by the same path.
const PROJECTS = `
select project_id as id, project_id, to_jsonb(p) #>> $2::text[] as value
  from project p where domain_id = $1 order by project_id`

const SERVICE_ACCOUNTS = `
select service_account_id as id, project_id, to_jsonb(a) #>> $2::text[] as value
  from service_account a where domain_id = $1 order by service_account_id`

type Row = { readonly id: string; readonly projectId: string; readonly value: string | null }

/** Projects of a domain by their id, their name or a tag. */
export async function loadProjects(sql: Sql, domainId: string, target: string): Promise<Lookup<string>> {
  return uniqueOf(await sql.query<Row>(PROJECTS, [domainId, target.split('.')]), ({ id }) => id)
}

/** Service accounts of a domain by their id, their name, a tag or a value of their data. */
export async function loadServiceAccounts(
  sql: Sql,
  domainId: string,
  target: string,
): Promise<Lookup<FoundAccount>> {
  const rows = await sql.query<Row>(SERVICE_ACCOUNTS, [domainId, target.split('.')])
  return uniqueOf(rows, ({ id, projectId }) => ({ serviceAccountId: id, projectId }))
}

/** Of several with one value none is the right one. */
function uniqueOf<T>(rows: readonly Row[], toFound: (row: Row) => T): Lookup<T> {
  const byValue = Map.groupBy(rows, ({ value }) => value)
  const found = new Map<string, T>()
  for (const [value, [row, ...others]] of byValue) {
    if (value !== null && value !== '' && row !== undefined && others.length === 0)
      found.set(value, toFound(row))
  }
  return found
}
