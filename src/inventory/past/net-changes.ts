import { isJsonObject, type JsonObject, type JsonValue, setKey } from '../decode/json.ts'
import { type Change, diffValues } from '../diff.ts'

/**
 * Of all changes of one path between two instants the oldest and the newest, and where these two stand among
 * all others.
 */
export type PathChange = {
  readonly first: Change
  readonly firstSeq: number
  readonly last: Change
  readonly lastSeq: number
}

/**
 * What differs between two instants, by the records between them: what was changed and changed back is no
 * difference. Both ends of the parts that changed are put together from the records, and compared as a run
 * compares what it finds with what is stored; what did not change need not be known. Pure.
 */
export function netChanges(paths: readonly PathChange[]): readonly Change[] {
  const before: JsonObject = {}
  const after: JsonObject = {}
  // What something gives back replaces whatever was given back below it by what came later.
  for (const { first } of [...paths].sort((a, b) => b.firstSeq - a.firstSeq)) {
    place(before, stepsOf(first), first.b)
  }
  for (const { last } of [...paths].sort((a, b) => a.lastSeq - b.lastSeq)) {
    place(after, stepsOf(last), last.a)
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => diffValues(name, columnOf(before, name), columnOf(after, name)))
}

/** Paths of columns are names, also where these have a dot. */
function stepsOf({ p, k }: Change): readonly string[] {
  if (k !== undefined) return k
  return p.startsWith('data.') || p.startsWith('tags.') ? p.split('.') : [p]
}

function place(document: JsonObject, steps: readonly string[], value: JsonValue | undefined): void {
  let at = document
  for (const step of steps.slice(0, -1)) {
    const known = Object.hasOwn(at, step) ? at[step] : undefined
    const below = isJsonObject(known) ? known : {}
    if (below !== known) setKey(at, step, below)
    at = below
  }
  const last = steps.at(-1) ?? ''
  if (value === undefined) Reflect.deleteProperty(at, last)
  else setKey(at, last, structuredClone(value))
}

function columnOf(document: JsonObject, name: string): JsonValue {
  return (Object.hasOwn(document, name) ? document[name] : undefined) ?? (isDocument(name) ? {} : null)
}

function isDocument(name: string): boolean {
  return name === 'data' || name === 'tags'
}
