import type { JsonValue } from '@bufbuild/protobuf'
import { type Sql, textArray } from '../../../storage/index.ts'
import type { ColumnType, KindColumn, ResourceDocument, ResourceKind } from '../../kinds.ts'

/** What a row holds while it is locked. */
export type LockedResource = {
  readonly isDeleted: boolean
  /**
   * Parses the document at every call: those of a thousand rows at once would outlive the young generation of
   * the heap.
   */
  readonly read: () => ResourceDocument
}

/** JSON comes as text, and so do lists. */
type Row = { readonly id: string; readonly isDeleted: boolean } & Readonly<Record<string, JsonValue>>

/**
 * Locks stored resources in id order and returns what they hold now. One that is gone is missing in the
 * answer. The columns travel as they are stored: to have the server make one JSON document of them took as
 * long as reading the rows.
 */
export async function lockResources(
  sql: Sql,
  domainId: string,
  kind: ResourceKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedResource>> {
  if (ids.length === 0) return new Map()
  const columns = kind.columns.map((column, at) => `${pickText(column)} as c${at}`).join(', ')
  const rows = await sql.query<Row>(
    `select ${kind.idColumn} as id, ${kind.deletedCondition ?? 'false'} as is_deleted, ${columns}
       from ${kind.table} t where domain_id = $1 and ${kind.idColumn} = any($2::text[])
      order by ${kind.idColumn} for update`,
    [domainId, textArray(ids)],
    { name: `lock_${kind.table}` },
  )
  return new Map(
    rows.map((row) => [row.id, { isDeleted: row.isDeleted, read: () => readDocument(kind, row) }]),
  )
}

function pickText({ name, type }: KindColumn): string {
  if (type === 'text[]') return `array_to_json("${name}")::text`
  return type === 'jsonb' ? `"${name}"::text` : `"${name}"`
}

/** Lists, too: the driver takes ten times as long for its own notation of arrays. */
function isJsonText(type: ColumnType): boolean {
  return type === 'jsonb' || type === 'text[]'
}

function readDocument(kind: ResourceKind, row: Row): ResourceDocument {
  const document: Record<string, JsonValue> = {}
  for (const [at, { name, type }] of kind.columns.entries()) {
    const value = row[`c${at}`] ?? null
    document[name] = isJsonText(type) && typeof value === 'string' ? trustJson(JSON.parse(value)) : value
  }
  return document
}

/** Claims that what `JSON.parse` returns is JSON. */
function trustJson(value: unknown): JsonValue {
  return value as JsonValue
}
