import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { Snapshot } from '../past/random-history.ts'

const LEFT_OUT = new Set([
  'cloud_service_id',
  'domain_id',
  'created_at',
  'updated_at',
  'deleted_at',
  'tag_keys',
])
const DOCUMENTS = new Set(['data', 'tags', 'reference'])

/**
 * Of each value of a resource the place of the snapshot since which it has been what it is in the last one,
 * as lines.
 */
export function blameSnapshots(snapshots: readonly Snapshot[], id: string): readonly string[] {
  const versions = snapshots.map(({ resources }) => resources.find((each) => each.cloud_service_id === id))
  return leavesOf(versions.at(-1) ?? {})
    .map(([steps, value]) => {
      let since = versions.length - 1
      while (since > 0 && isSame(valueAt(versions[since - 1], steps), value)) since--
      return line(steps.join('.'), value, since)
    })
    .sort()
}

/** The same of what the server tells. */
export function line(path: string, value: JsonValue, since: number): string {
  return `${path} = ${JSON.stringify(value)} since ${since}`
}

function leavesOf(resource: JsonObject): readonly (readonly [readonly string[], JsonValue])[] {
  return Object.entries(resource).flatMap(([name, value]) => {
    if (LEFT_OUT.has(name)) return []
    if (DOCUMENTS.has(name) && isObject(value))
      return name === 'reference' ? columns(value) : below([name], value)
    return isEmpty(value) ? [] : [[[name], value] as const]
  })
}

function columns(reference: JsonObject) {
  return Object.entries(reference).flatMap(([name, value]) =>
    isEmpty(value) ? [] : [[['reference', name], value] as const],
  )
}

function below(
  above: readonly string[],
  document: JsonObject,
): readonly (readonly [readonly string[], JsonValue])[] {
  return Object.entries(document).flatMap(([key, value]) => {
    const steps = [...above, key]
    return isObject(value) && Object.keys(value).length > 0 ? below(steps, value) : [[steps, value] as const]
  })
}

function valueAt(resource: JsonObject | undefined, steps: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = resource
  for (const step of steps) at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  return at
}

function isSame(one: JsonValue | undefined, other: JsonValue): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other)
}

function isEmpty(value: JsonValue): boolean {
  return value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
