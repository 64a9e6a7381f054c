import type { JsonObject, JsonValue } from '@gleaner/sdk'

export const REDACTED = '(sensitive)'

/**
 * Names whose values are taken for secret wherever they stand. Handlers should not return what can only be
 * written, but some do, and settings of applications hold what their authors put there.
 */
const SECRET_NAME =
  /passw(or)?d|passphrase|secret(?!s?(_?(arns?|names?|ids?|version|manager|target|type))|$)|secret(key|string|value)?$|(^|[a-z_])token$|private_?key(?!_?(arn|id|name|type))|api_?key(?!_?(arn|id|name|source|required|selection))$|access_?key$|credentials?$|connection_?string|user_?data$|shared_?key|client_?secret$/i

/**
 * A copy without what is hidden, and without secrets. Arrays are stepped through; `*` in a path is any index
 * or key.
 */
export function cleanProperties(properties: JsonObject, hidden: readonly string[]): JsonObject {
  const copy = redactObject(properties)
  for (const path of hidden) removeAt(copy, path.split('.'))
  return copy
}

function removeAt(value: JsonValue, [step = '', ...rest]: readonly string[]): void {
  if (Array.isArray(value)) {
    const steps = step === '*' ? rest : [step, ...rest]
    for (const item of value) removeAt(item, steps)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (step === '*') {
    for (const each of Object.values(value)) removeAt(each, rest)
    return
  }
  if (!Object.hasOwn(value, step)) return
  if (rest.length === 0) Reflect.deleteProperty(value, step)
  else removeAt(value[step] ?? null, rest)
}

function redactObject(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => [key, redactEntry(key, value)] as const)
  const clean = Object.fromEntries(entries)
  return isSecretPair(clean) ? withoutValue(clean) : clean
}

function redactEntry(key: string, value: JsonValue): JsonValue {
  if (SECRET_NAME.test(key) && isSecretValue(value)) return REDACTED
  if (Array.isArray(value)) return value.map((item) => redactEntry('', item))
  return typeof value === 'object' && value !== null ? redactObject(value) : value
}

/** `{Name: 'DB_PASSWORD', Value: …}`, as environments and parameters are written. */
function isSecretPair(object: JsonObject): boolean {
  const name = ['Name', 'Key', 'ParameterKey', 'name', 'key']
    .map((key) => object[key])
    .find((each) => each !== undefined)
  return typeof name === 'string' && SECRET_NAME.test(name)
}

function withoutValue(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([key, value]) =>
    /^(parameter)?values?$/i.test(key) && isSecretValue(value) ? [key, REDACTED] : [key, value],
  )
  return Object.fromEntries(entries)
}

/** Switches, numbers and ARNs of secrets tell none. */
function isSecretValue(value: JsonValue): boolean {
  if (typeof value === 'string') return value !== '' && !value.startsWith('arn:')
  return Array.isArray(value) ? value.some((item) => typeof item === 'string') : false
}
