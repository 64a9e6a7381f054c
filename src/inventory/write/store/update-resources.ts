import { jsonbArray, type Transaction, textArray } from '../../../storage/index.ts'
import type { KindColumn, ResourceDocument, ResourceKind } from '../../kinds.ts'
import { jsonText, type PackedDocument } from '../../packed-document.ts'
import { arrayType, columnArray, pickColumn } from './column-arrays.ts'

/** A stored resource with what is to be written over it. */
export type ChangedResource = {
  readonly id: string
  /** Names of the columns that differ from what is stored. */
  readonly columns: readonly string[]
  /** The columns that hold no JSON, all of them. */
  readonly narrow: ResourceDocument
  /** The new JSON of a column, as text. */
  readonly json: (column: string) => string | Uint8Array
}

/** A change to a document that is there as objects. */
export function toChanged(
  id: string,
  document: ResourceDocument,
  columns: readonly string[],
): ChangedResource {
  return { id, columns, narrow: document, json: (column) => JSON.stringify(document[column]) }
}

/** A change to a document as it waits for its batch: its JSON is written as it came. */
export function toChangedFromPacked(
  id: string,
  packed: PackedDocument,
  { kind, columns }: { readonly kind: ResourceKind; readonly columns: readonly string[] },
): ChangedResource {
  return { id, columns, narrow: packed.columns, json: (column) => jsonText(kind, packed, column) }
}

/**
 * Writes what has changed over stored resources, which are alive afterwards. The rows must be locked. Ids
 * stand there twice: see `updateContributions`.
 *
 * Columns that nobody changed are not named, since naming a column costs though its value stays: a document
 * that lies out of line is stored once more, and keywords are put together anew. JSON is named one by one;
 * where it changed in some rows only, the others keep theirs. All other columns go together, so that there
 * are 16 statements at most. A row whose indexed columns stay the same and whose page has room (`fillfactor`)
 * costs no index an entry.
 */
export async function updateResources(
  tx: Transaction,
  write: { domainId: string; kind: ResourceKind; resources: readonly ChangedResource[]; now: Date },
): Promise<void> {
  const { domainId, kind, resources, now } = write
  if (resources.length === 0) return
  const named = new Set(resources.flatMap(({ columns }) => columns))
  const isNarrow = kind.columns.some((column) => !isJson(column) && named.has(column.name))
  const columns = kind.columns.filter((column) => (isJson(column) ? named.has(column.name) : isNarrow))
  const names = columns.map(({ name }) => `"${name}"`)
  const arrays = columns.map((column, at) => `$${at + 4}::${arrayType(column)}`)
  const sets = [
    'updated_at = $2',
    ...columns.map((column) => `"${column.name}" = ${newValue(column)}`),
    ...(kind.deletedCondition === undefined ? [] : [`state = 'ACTIVE'`, 'deleted_at = null']),
  ]
  await tx.query(
    `update ${kind.table} t set ${sets.join(', ')}
       from unnest(${['$3::text[]', ...arrays].join(', ')}) as r(${['id', ...names].join(', ')})
      where t.domain_id = $1 and t.${kind.idColumn} = any($3::text[]) and t.${kind.idColumn} = r.id`,
    [
      domainId,
      now,
      textArray(resources.map(({ id }) => id)),
      ...columns.map((column) => newValues(column, resources)),
    ],
    { name: nameOf(kind, columns) },
  )
}

function isJson({ type }: KindColumn): boolean {
  return type === 'jsonb'
}

function newValue(column: KindColumn): string {
  return isJson(column) ? `coalesce(r."${column.name}", t."${column.name}")` : pickColumn(column)
}

function newValues(column: KindColumn, resources: readonly ChangedResource[]): Buffer {
  const { name } = column
  if (isJson(column))
    return jsonbArray(resources.map(({ columns, json }) => (columns.includes(name) ? json(name) : null)))
  return columnArray(
    column,
    resources.map(({ narrow }) => narrow[name] ?? null),
  )
}

function nameOf(kind: ResourceKind, columns: readonly KindColumn[]): string {
  const parts = columns.filter(isJson).map(({ name }) => name)
  const isNarrow = columns.length > parts.length
  return ['update', kind.table, ...(isNarrow ? ['narrow'] : []), ...parts].join('_')
}
