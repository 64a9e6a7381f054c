import { isJsonObject, type JsonObject, type JsonValue } from './decode/index.ts'
import type { ResourceDocument, ResourceKind } from './kinds.ts'

/**
 * One changed leaf: `p` its dotted path in the API's names, `b` before (absent: added), `a` after (absent:
 * removed). `k` are the steps of the path, where `p` does not tell them because a key is empty or holds a
 * dot.
 */
export type Change = {
  readonly p: string
  readonly k?: readonly string[]
  readonly b?: JsonValue
  readonly a?: JsonValue
}

/** How a stored document came to differ, and in what. */
type DocumentDiff = {
  /** Columns whose stored value must be written. */
  readonly columns: readonly string[]
  /**
   * For the change record: leaf by leaf, arrays as one value. `metadata` (how to show a resource) is left
   * out.
   */
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
    const path = { above: undefined, key: column.path ?? column.name }
    compare(path, before[column.name] ?? null, after[column.name] ?? null, found)
    if (found.length === 0) continue
    columns.push(column.name)
    if (column.name !== 'metadata') changes.push(...found)
  }
  return { columns, changes }
}

/** Compares two values that stand under one name, leaf by leaf. */
export function diffValues(name: string, before: JsonValue, after: JsonValue): readonly Change[] {
  const found: Change[] = []
  compare({ above: undefined, key: name }, before, after, found)
  return found
}

/**
 * Written out only for what differs: most of two documents is equal, and a text for each leaf took longer
 * than comparing it.
 */
type Path = { readonly above: Path | undefined; readonly key: string }

function namesOf(path: Path): Pick<Change, 'p' | 'k'> {
  const steps: string[] = []
  for (let at: Path | undefined = path; at !== undefined; at = at.above) steps.unshift(at.key)
  const isPlain = steps.every((step, at) => at === 0 || (step !== '' && !step.includes('.')))
  return { p: steps.join('.'), ...(isPlain ? {} : { k: steps }) }
}

function compare(path: Path, before: JsonValue, after: JsonValue, found: Change[]): void {
  if (before === after) return
  if (isJsonObject(before) && isJsonObject(after)) compareObjects(path, before, after, found)
  else if (!isEqual(before, after)) found.push({ ...namesOf(path), b: before, a: after })
}

function compareObjects(above: Path, before: JsonObject, after: JsonObject, found: Change[]): void {
  for (const key of Object.keys(before)) {
    const value = before[key] ?? null
    const now = Object.hasOwn(after, key) ? after[key] : undefined
    if (value === now) continue
    if (now === undefined) found.push({ ...namesOf({ above, key }), b: value })
    else compare({ above, key }, value, now, found)
  }
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key)) found.push({ ...namesOf({ above, key }), a: after[key] ?? null })
  }
}

function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true
  if (Array.isArray(one)) return Array.isArray(other) && areEqualLists(one, other)
  return isJsonObject(one) && isJsonObject(other) && areEqualObjects(one, other)
}

function areEqualLists(one: readonly JsonValue[], other: readonly JsonValue[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) {
    if (!isEqual(one[at] ?? null, other[at] ?? null)) return false
  }
  return true
}

function areEqualObjects(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  for (const key of keys) {
    if (!Object.hasOwn(other, key) || !isEqual(one[key] ?? null, other[key] ?? null)) return false
  }
  return true
}
