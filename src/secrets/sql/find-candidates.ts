import type { Sql } from '../../storage/index.ts'
import type { SecretSelection } from '../selection.ts'

/** A secret that every selector agrees on, before the collector's project and schemas are looked at. */
export type Candidate = {
  readonly secretId: string
  readonly provider: string
  readonly serviceAccountId: string
  readonly projectId: string
  readonly schema: string
}

// One selector is read off its index, the primary key for secret_id; further ones filter that. In the order
// of creation, so that a run's tasks come in the same order every time.
const FIND_CANDIDATES = `
select s.secret_id, s.provider, s.service_account_id, s.project_id, s.schema
  from secret s
 where s.domain_id = $1
   and ($2 = '' or s.secret_id = $2)
   and ($3 = '' or s.secret_id in (select m.secret_id from secret_group_member m
                                    where m.domain_id = $1 and m.secret_group_id = $3))
   and ($4 = '' or s.provider = $4)
   and ($5 = '' or s.service_account_id = $5)
 order by s.created_at, s.secret_id`

export async function findCandidates(
  sql: Sql,
  domainId: string,
  selection: SecretSelection,
): Promise<readonly Candidate[]> {
  const { secretId, secretGroupId, provider, serviceAccountId } = selection
  return await sql.query<Candidate>(FIND_CANDIDATES, [
    domainId,
    secretId,
    secretGroupId,
    provider,
    serviceAccountId,
  ])
}
