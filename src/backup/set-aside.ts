import type { Session } from '../storage/transfer/index.ts'

type SetAside = { readonly drop: string; readonly make: string }

/** Foreign keys first, because they stand on indexes; primary and unique keys stay, because views stand on them. */
const LIST = `
select 1 as turn, format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
  from pg_constraint where conrelid = any($1::regclass[]) and contype = 'f'
union all
select 2, format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  from pg_index i
 where indrelid = any($1::regclass[])
   and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
 order by turn`

/**
 * Takes away what every row that is stored would have to pass, one at a time: triggers, foreign keys and indexes. Returns what brings it
 * back, and so checks all rows at once. Both belong into one transaction.
 */
export async function setAside(session: Session, tables: readonly string[]): Promise<() => Promise<void>> {
  const all = await session.query<SetAside>(LIST, [tables])
  for (const { drop } of all) await session.query(drop)
  for (const table of tables) await session.query(`alter table ${table} disable trigger user`)
  return async () => {
    for (const table of tables) await session.query(`alter table ${table} enable trigger user`)
    // Foreign keys were taken first, and need the others.
    for (const { make } of all.toReversed()) await session.query(make)
  }
}
