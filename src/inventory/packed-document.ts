import { type RowWriter, readFields } from '../storage/index.ts'
import type { JsonValue } from './decode/index.ts'
import type { EvaluatedResource } from './evaluate.ts'
import type { ColumnType, ResourceDocument, ResourceKind } from './kinds.ts'

/**
 * A document on its way into the database. A thousand of them wait for their batch: as objects they would
 * outlive the young generation of the heap, which costs more than making them, so that all but the narrow
 * columns are bytes that nobody collects.
 */
export type PackedDocument = {
  /** The columns that hold no JSON: what resources are named, matched and ordered by. */
  readonly columns: ResourceDocument
  /** All columns of the kind in their order, as the fields of a row of COPY. */
  readonly fields: Uint8Array
}

/** A resource as it waits for its batch. */
export type PackedResource = Omit<EvaluatedResource, 'document'> & PackedDocument

/** Writes the columns of a document as fields of a row, and returns those that hold no JSON. */
export function packDocument(
  row: RowWriter,
  kind: ResourceKind,
  document: ResourceDocument,
): ResourceDocument {
  const columns: Record<string, JsonValue> = {}
  for (const { name, type } of kind.columns) {
    const value = document[name] ?? null
    const kept = FIELDS[type](row, value)
    if (type !== 'jsonb') columns[name] = kept
  }
  return columns
}

/** The whole document again. Its JSON is parsed at every call. */
export function unpackDocument(kind: ResourceKind, { columns, fields }: PackedDocument): ResourceDocument {
  const document: Record<string, JsonValue> = {}
  const values = readFields(fields, kind.columns.length)
  for (const { name, type } of kind.columns) {
    const { value } = values.next()
    document[name] = type === 'jsonb' && value ? parseJsonb(value) : (columns[name] ?? null)
  }
  return document
}

/** The JSON of one column as it was packed, UTF-8; a view. */
export function jsonText(kind: ResourceKind, { fields }: PackedDocument, column: string): Uint8Array {
  const values = readFields(fields, kind.columns.length)
  for (const { name } of kind.columns) {
    const { value } = values.next()
    if (name === column && value) return value.subarray(VERSION_BYTES)
  }
  throw new RangeError(`${kind.name} has no JSON in a column '${column}'`)
}

/** Writes a value as a field and returns it as it may be kept. */
type WriteField = (row: RowWriter, value: JsonValue) => JsonValue

const FIELDS: Readonly<Record<ColumnType, WriteField>> = {
  // What a decoder cuts out of a message keeps all of its text alive; what is read back from the field does
  // not.
  text: (row, value) => row.text(String(value ?? '')),
  'text[]': (row, value) => row.textArray(Array.isArray(value) ? value.map(String) : []),
  float8(row, value) {
    if (value === null) row.null()
    else row.float8(Number(value))
    return value
  },
  boolean(row, value) {
    row.boolean(value === true)
    return value
  },
  jsonb(row, value) {
    row.jsonb(JSON.stringify(value))
    return null
  },
}

/** In front of the text the version of the format is named. */
const VERSION_BYTES = 1

function parseJsonb(field: Buffer): JsonValue {
  return trustJson(JSON.parse(field.toString('utf8', VERSION_BYTES)))
}

/** Claims that what `JSON.parse` returns is JSON. */
function trustJson(value: unknown): JsonValue {
  return value as JsonValue
}
