import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/**
 * What a diff must tell, worked out from what was listed at either instant, without any code that makes it.
 */
export type Expected = {
  readonly id: string
  readonly difference: 'created' | 'updated' | 'deleted'
  readonly changes: readonly string[]
}

/** Not compared: times, and what follows from other fields. */
const LEFT_OUT = new Set(['created_at', 'updated_at', 'deleted_at', 'tag_keys', 'state'])

export function diffSnapshots(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
): readonly Expected[] {
  const [was, is] = [alive(before), alive(after)]
  const ids = [...new Set([...was.keys(), ...is.keys()])].sort()
  return ids.flatMap((id): Expected[] => {
    const [old, now] = [was.get(id), is.get(id)]
    if (old === undefined) return [{ id, difference: 'created', changes: [] }]
    if (now === undefined) return [{ id, difference: 'deleted', changes: [] }]
    const changes = Object.keys({ ...old, ...now })
      .filter((name) => !LEFT_OUT.has(name))
      .flatMap((name) => compare(name, old[name], now[name]))
    return changes.length === 0 ? [] : [{ id, difference: 'updated', changes: changes.sort() }]
  })
}

/** One change as a line, so that order is of no matter. */
export function asLine(path: string, before: JsonValue | undefined, after: JsonValue | undefined): string {
  return `${path}: ${stable(before ?? null)} -> ${after === undefined ? 'removed' : stable(after)}`
}

function alive(resources: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const live = resources.filter(({ state }) => state === 'ACTIVE')
  return new Map(live.map((each) => [String(each.cloud_service_id), each]))
}

function compare(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly string[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => compare(`${path}.${key}`, before[key], after[key]))
  }
  if (after !== undefined && before !== undefined && stable(before) === stable(after)) return []
  return [asLine(path, before, after)]
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stable(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stable(value[key] ?? null)}`).join()}}`
}
