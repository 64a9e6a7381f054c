import type { JsonValue } from '@bufbuild/protobuf'
import {
  boolArray,
  float8Array,
  jsonbArray,
  type Sql,
  type Transaction,
  textArray,
} from '../../storage/index.ts'
import type { ColumnType, KindColumn, ResourceDocument, ResourceKind } from '../kinds.ts'

export type StoredDocument = { readonly id: string; readonly document: ResourceDocument }

/** What a row holds while it is locked. */
export type LockedResource = { readonly document: ResourceDocument; readonly isDeleted: boolean }

/**
 * Inserts new resources in the order given, which must be the order of their natural keys: two batches that insert
 * the same keys then wait for one another instead of deadlocking. A twin fails with a unique violation. `taskSeq` is
 * null for what is written by hand.
 */
export async function insertResources(
  tx: Transaction,
  write: {
    domainId: string
    kind: ResourceKind
    resources: readonly StoredDocument[]
    now: Date
    taskSeq: number | null
  },
): Promise<void> {
  const { domainId, kind, resources, now, taskSeq } = write
  if (resources.length === 0) return
  const { names, arrays, picks, params } = columnArrays(kind, resources, 4)
  await tx.query(
    `insert into ${kind.table} (domain_id, ${kind.idColumn}, created_at, updated_at, created_seq, ${names})
     select $1, r.id, $2::timestamptz, $2::timestamptz, $3::bigint, ${picks}
       from unnest($4::text[], ${arrays}) as r(id, ${names})`,
    [domainId, now, taskSeq, textArray(resources.map(({ id }) => id)), ...params],
    { name: `insert_${kind.table}` },
  )
}

/** Writes the whole changed document over the stored one, which is alive afterwards. The rows must be locked. Ids stand there twice: see `updateContributions`. */
export async function updateResources(
  tx: Transaction,
  write: { domainId: string; kind: ResourceKind; resources: readonly StoredDocument[]; now: Date },
): Promise<void> {
  const { domainId, kind, resources, now } = write
  if (resources.length === 0) return
  const { names, arrays, params } = columnArrays(kind, resources, 3)
  const sets = [
    ...kind.columns.map((column) => `"${column.name}" = ${pick(column)}`),
    ...(kind.deletedCondition === undefined ? [] : [`state = 'ACTIVE'`, 'deleted_at = null']),
  ].join(', ')
  await tx.query(
    `update ${kind.table} t set updated_at = $2, ${sets}
       from unnest($3::text[], ${arrays}) as r(id, ${names})
      where t.domain_id = $1 and t.${kind.idColumn} = any($3::text[]) and t.${kind.idColumn} = r.id`,
    [domainId, now, textArray(resources.map(({ id }) => id)), ...params],
    { name: `update_${kind.table}` },
  )
}

/** Locks stored resources in id order and returns what they hold now. One that is gone is missing in the answer. */
export async function lockResources(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedResource>> {
  if (ids.length === 0) return new Map()
  const fields = kind.columns.map((column) => `'${column.name}', to_jsonb("${column.name}")`).join(', ')
  const rows = await sql.query<LockedResource & { id: string }>(
    `select ${kind.idColumn} as id, ${kind.deletedCondition ?? 'false'} as is_deleted,
            jsonb_build_object(${fields}) as document
       from ${kind.table} t where domain_id = $1 and ${kind.idColumn} = any($2::text[])
      order by ${kind.idColumn} for update`,
    [domainId, textArray(ids)],
    { name: `lock_${kind.table}` },
  )
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}

function columnArrays(kind: ResourceKind, resources: readonly StoredDocument[], firstParam: number) {
  return {
    names: kind.columns.map(({ name }) => `"${name}"`).join(', '),
    arrays: kind.columns.map(({ type }, at) => `$${firstParam + 1 + at}::${ARRAYS[type].sql}`).join(', '),
    picks: kind.columns.map(pick).join(', '),
    params: kind.columns.map(({ name, type }) =>
      ARRAYS[type].encode(resources.map(({ document }) => document[name] ?? null)),
    ),
  }
}

function pick({ name, type }: KindColumn): string {
  return type === 'text[]' ? `r."${name}"::text[]` : `r."${name}"`
}

/** unnest() flattens arrays of arrays, so a text[] travels as text in PostgreSQL's own notation. */
const ARRAYS: Readonly<Record<ColumnType, { sql: string; encode(values: readonly JsonValue[]): Buffer }>> = {
  text: { sql: 'text[]', encode: (values) => textArray(values.map((value) => String(value ?? ''))) },
  'text[]': { sql: 'text[]', encode: (values) => textArray(values.map(toArrayText)) },
  float8: {
    sql: 'float8[]',
    encode: (values) => float8Array(values.map((value) => (value === null ? null : Number(value)))),
  },
  boolean: { sql: 'bool[]', encode: (values) => boolArray(values.map((value) => value === true)) },
  jsonb: { sql: 'jsonb[]', encode: (values) => jsonbArray(values.map((value) => JSON.stringify(value))) },
}

function toArrayText(value: JsonValue): string {
  if (!Array.isArray(value) || value.length === 0) return '{}'
  return `{${value.map((each) => `"${String(each).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}
