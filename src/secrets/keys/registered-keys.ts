import type { Sql, Transaction } from '../../storage/index.ts'

/** What the database knows of a master key. RETIRED: no secret is sealed under it any more. */
export type RegisteredKey = {
  readonly version: number
  readonly fingerprint: string
  readonly state: 'CURRENT' | 'RETIRING' | 'RETIRED'
}

const LIST_KEYS = 'select version, fingerprint, state from master_key order by version'

export async function listRegisteredKeys(sql: Sql): Promise<readonly RegisteredKey[]> {
  return await sql.query<RegisteredKey>(LIST_KEYS)
}

// Only into an empty table: of two processes that start together, the second one finds the first one's key.
const REGISTER_FIRST = `
insert into master_key (version, fingerprint, state, created_at)
select 1, $1, 'CURRENT', $2 where not exists (select from master_key)
on conflict do nothing`

export async function registerFirstKey(sql: Sql, fingerprint: string, now: Date): Promise<void> {
  await sql.query(REGISTER_FIRST, [fingerprint, now])
}

// A function, because the table is closed to requests; it keeps the row until the transaction ends.
const HOLD_CURRENT = 'select hold_current_master_key() as version'

export async function holdCurrentVersion(tx: Transaction): Promise<number> {
  // A statement that waited for a rotation sees the old key gone and not yet the new one; the next one sees
  // it.
  for (let tries = 0; tries < 3; tries++) {
    const [row] = await tx.query<{ version: number | null }>(HOLD_CURRENT)
    if (row?.version) return row.version
  }
  throw new Error('the database knows no current master key')
}
