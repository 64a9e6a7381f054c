import type { JsonValue } from '@bufbuild/protobuf'
import { boolArray, float8Array, jsonbArray, textArray } from '../../../storage/index.ts'
import type { ColumnType, KindColumn } from '../../kinds.ts'

/** The type of the parameter in which a column of many resources travels. */
export function arrayType({ type }: KindColumn): string {
  return ARRAYS[type].sql
}

/** That parameter. */
export function columnArray({ type }: KindColumn, values: readonly JsonValue[]): Buffer {
  return ARRAYS[type].encode(values)
}

/** The column out of `r`, which unnest() made of such parameters. */
export function pickColumn({ name, type }: KindColumn): string {
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
