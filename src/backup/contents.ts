import type { AppliedMigration, Migration } from '../storage/index.ts'
import type { Session } from '../storage/transfer/index.ts'

/** A table of ours, and what of it has to be kept: columns that are computed from others are not. */
export type Table = {
  readonly name: string
  readonly columns: readonly string[]
  /** What it takes on the disk, without indexes; tells how far one is. */
  readonly bytes: number
}

export type Sequence = {
  readonly name: string
  /** As text: it may be beyond what a number holds. */
  readonly lastValue: string
  readonly isCalled: boolean
}

/** Names of the tables and sequences that migrations make. Others in the same schema are somebody else's. */
export function ownNames(migrations: readonly Migration[]): readonly string[] {
  return migrations.flatMap(({ text }) =>
    [...text.matchAll(/^ *create (?:table|sequence) "?(\w+)"?/gim)].map(([, name = '']) => name),
  )
}

/**
 * Our tables, by name. What was migrated stands in one more, which migrations write themselves; the queue has a schema of its own: it
 * is wake-ups alone, and made anew.
 */
export async function listTables(session: Session, own: readonly string[]): Promise<readonly Table[]> {
  return await session.query<Table>(
    `select c.relname as name, pg_table_size(c.oid)::float8 as bytes,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                   order by a.attnum) as columns
       from pg_class c
      where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname = any($1)
      order by c.relname`,
    [own],
  )
}

/** Our sequences, those of columns too, as they stand now: at least where they stood when a snapshot was taken before. */
export async function readSequences(session: Session, own: readonly string[]): Promise<readonly Sequence[]> {
  const names = await session.query<{ name: string }>(
    `select c.relname as name from pg_class c
      where c.relkind = 'S' and c.relnamespace = current_schema()::regnamespace
        and (c.relname = any($1) or exists (
              select from pg_depend d join pg_class t on t.oid = d.refobjid
               where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                 and t.relname = any($1)))
      order by c.relname`,
    [own],
  )
  const sequences: Sequence[] = []
  for (const { name } of names) {
    const [row] = await session.query<{ lastValue: string; isCalled: boolean }>(
      `select last_value::text, is_called from ${quoted(name)}`,
    )
    if (row !== undefined) sequences.push({ name, ...row })
  }
  return sequences
}

/** What the database has gone through; empty where no Gleaner has been. */
export async function readApplied(session: Session): Promise<readonly AppliedMigration[]> {
  const [found] = await session.query<{ isThere: boolean }>(
    `select to_regclass('schema_migration') is not null as is_there`,
  )
  if (!found?.isThere) return []
  return await session.query<AppliedMigration>(
    'select version, name, checksum from schema_migration order by version',
  )
}

/** Names of the tables that have a row. */
export async function listFilled(session: Session, tables: readonly Table[]): Promise<readonly string[]> {
  if (tables.length === 0) return []
  const each = tables.map(({ name }, at) => `(${at}, exists (select from ${quoted(name)}))`)
  const rows = await session.query<{ at: number }>(
    `select at from (values ${each.join(', ')}) t (at, is_filled) where is_filled order by at`,
  )
  return rows.flatMap(({ at }) => tables[at]?.name ?? [])
}

/** What one COPY takes and the other gives. */
export function copyOutText({ name, columns }: Pick<Table, 'name' | 'columns'>): string {
  return `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) to stdout with (format binary)`
}

/** Only in the transaction that has emptied the table: its rows need no later work of the vacuum. */
export function copyInText({ name, columns }: Pick<Table, 'name' | 'columns'>): string {
  return `copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin with (format binary, freeze)`
}

/** A name as it stands in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
