import { type GleanerError, NotFound } from '../core/errors.ts'
import type { Sql } from '../storage/index.ts'
import type { SecretSelection } from './selection.ts'

// Who deletes one of these locks its row for update, so that it waits for whoever is about to store a
// reference to it.
const HOLD_SECRET = 'select from secret where domain_id = $1 and secret_id = $2 for key share'
const HOLD_GROUP = 'select from secret_group where domain_id = $1 and secret_group_id = $2 for key share'
const HOLD_ACCOUNT =
  'select from service_account where domain_id = $1 and service_account_id = $2 for key share'

/**
 * Speaks against a selection that names what is not there. Inside a transaction what it names then stays
 * until it ends. A provider is only a word, which secrets may come to fit later.
 */
export async function selectionViolations(
  sql: Sql,
  domainId: string,
  { secretId, secretGroupId, serviceAccountId }: SecretSelection,
): Promise<GleanerError[]> {
  const violations: GleanerError[] = []
  for (const [noun, id, statement] of [
    ['secret', secretId, HOLD_SECRET],
    ['secret group', secretGroupId, HOLD_GROUP],
    ['service account', serviceAccountId, HOLD_ACCOUNT],
  ] as const) {
    if (id === '') continue
    const rows = await sql.query(statement, [domainId, id])
    if (rows.length === 0) violations.push(new NotFound(noun, id))
  }
  return violations
}
