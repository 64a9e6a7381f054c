import { isJsonObject, type JsonObject, type JsonValue } from './decode/index.ts'
import type { ResourceDocument, ResourceKind } from './kinds.ts'

/** One changed leaf: `p` its dotted path in the API's names, `b` before (absent: added), `a` after (absent: removed). */
export type Change = { readonly p: string; readonly b?: JsonValue; readonly a?: JsonValue }

/** How a stored document came to differ, and in what. */
export type DocumentDiff = {
  /** Columns whose stored value must be written. */
  readonly columns: readonly string[]
  /** For the change record: leaf by leaf, arrays as one value. `metadata` (how to show a resource) is left out. */
  readonly changes: readonly Change[]
}

/** Compares the stored document with the new one. Pure; an empty `columns` means nothing is to be written. */
export function diffDocuments(
  kind: ResourceKind,
  before: ResourceDocument,
  after: ResourceDocument,
): DocumentDiff {
  const columns: string[] = []
  const changes: Change[] = []
  for (const column of kind.columns) {
    const found: Change[] = []
    compare(column.path ?? column.name, before[column.name] ?? null, after[column.name] ?? null, found)
    if (found.length === 0) continue
    columns.push(column.name)
    if (column.name !== 'metadata') changes.push(...found)
  }
  return { columns, changes }
}

function compare(path: string, before: JsonValue, after: JsonValue, found: Change[]): void {
  if (before === after) return
  if (isJsonObject(before) && isJsonObject(after)) {
    compareObjects(path, before, after, found)
    return
  }
  if (isEqual(before, after)) return
  found.push({ p: path, b: before, a: after })
}

function compareObjects(path: string, before: JsonObject, after: JsonObject, found: Change[]): void {
  for (const [key, value] of Object.entries(before)) {
    const now = Object.hasOwn(after, key) ? after[key] : undefined
    if (now === undefined) found.push({ p: `${path}.${key}`, b: value })
    else compare(`${path}.${key}`, value, now, found)
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) found.push({ p: `${path}.${key}`, a: value })
  }
}

function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, at) => isEqual(value, other[at] ?? null))
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key] ?? null, other[key] ?? null))
  )
}
