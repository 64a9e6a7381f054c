import type { JsonObject, JsonValue } from '@gleaner/sdk'
import { isSecretEntry, REDACTED, redactText } from './redact-text.ts'
import { isPayload } from './secret-holders.ts'

/** Where a sensitive value is: steps by attribute name, and by index or key. */
export type AttributePath = readonly { readonly type: string; readonly value: unknown }[]

/**
 * Names whose values are taken for secret. Before 1.10 Terraform wrote down only what a configuration marks
 * as sensitive, not what the provider's schema does, so that a database password stood in the state without a
 * mark.
 */
const SECRET_NAME =
  /passw|passphrase|secret(?!_?(name|arn|version|manager))|token|private_?key|api_?key|access_?key(?!_?id)|credential|connection_?string|user_?data|kube_?config|certificate_key|(^|_)(result|b64_std|b64_url|bcrypt_hash)$/i

/** Shorter texts stand in too many places that have nothing to do with the secret. */
export const SHORTEST_SECRET = 8

/**
 * A copy of the attributes in which nothing is left that is marked as sensitive, named like a secret, or held
 * as one.
 */
export function redactAttributes(
  resourceType: string,
  attributes: JsonObject,
  marked: readonly AttributePath[],
): JsonObject {
  const clean = structuredClone(attributes)
  for (const path of marked.flatMap((each) => [each, ...copiesOf(resourceType, each)])) redactAt(clean, path)
  for (const [name, value] of Object.entries(clean))
    if (isPayload(resourceType, name) && isFilled(value)) clean[name] = REDACTED
  return redactNamed(clean)
}

/** An output that is marked is replaced; one that is not is still searched by name. */
export function redactOutput(name: string, value: unknown, isSensitive: boolean): JsonValue {
  if (isSensitive || (SECRET_NAME.test(name) && isFilled(value))) return REDACTED
  return redactValue(asJson(value ?? null))
}

/**
 * The texts that stand where a path leads to: short ones are too common to be looked for elsewhere, and of a
 * whole object that is marked nobody knows which part is the secret.
 */
export function secretTexts(attributes: JsonObject, marked: readonly AttributePath[]): readonly string[] {
  return marked.flatMap((path) => {
    let value: JsonValue | undefined = attributes
    for (const { value: step } of path) {
      const key = keyOf(step)
      if (value === undefined || key === undefined) return []
      value = childOf(value, key)
    }
    return typeof value === 'string' && value.length >= SHORTEST_SECRET ? [value] : []
  })
}

/** A `terraform_data` gives back its input as its output, and only the input has the mark. */
function copiesOf(resourceType: string, [first, ...rest]: AttributePath): readonly AttributePath[] {
  return resourceType === 'terraform_data' && first?.value === 'input'
    ? [[{ ...first, value: 'output' }, ...rest]]
    : []
}

/**
 * Replaces what a path leads to. Where it cannot be followed to its end, as into a set, all that it has
 * reached goes.
 */
function redactAt(attributes: JsonObject, path: AttributePath): void {
  let parent: JsonValue = attributes
  for (const [index, step] of path.entries()) {
    const key = keyOf(step.value)
    if (key === undefined) return
    const holder = holderOf(parent, key)
    const child = childOf(parent, key)
    if (holder === undefined || child === undefined) return
    const next = path[index + 1]
    const nextKey = next && keyOf(next.value)
    if (nextKey === undefined || holderOf(child, nextKey) === undefined) {
      if (child !== null) Reflect.set(holder, key, REDACTED)
      return
    }
    parent = child
  }
}

function childOf(parent: JsonValue, key: string): JsonValue | undefined {
  const holder = holderOf(parent, key)
  return holder === undefined ? undefined : Reflect.get(holder, key)
}

/**
 * What has the key itself. An attribute of no declared type stands in the state with its type, and paths
 * leave that step out.
 */
function holderOf(parent: JsonValue, key: string): JsonObject | JsonValue[] | undefined {
  if (!isContainer(parent)) return undefined
  if (Object.hasOwn(parent, key)) return parent
  if (Array.isArray(parent) || Object.keys(parent).sort().join() !== 'type,value') return undefined
  const { value = null } = parent
  return isContainer(value) && Object.hasOwn(value, key) ? value : undefined
}

function redactNamed(object: JsonObject): JsonObject {
  const isEntry = isSecretEntry(object)
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const isSecret = SECRET_NAME.test(key) || (isEntry && key === 'value')
      return [key, isSecret && isFilled(value) ? REDACTED : redactValue(value)]
    }),
  )
}

function redactValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redactValue)
  return isObject(value) ? redactNamed(value) : value
}

/**
 * Switches and empty values tell nothing, and are worth seeing: `password_policy: null`, `manage_password:
 * true`.
 */
function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && typeof value !== 'boolean'
}

/** An index comes as a number or text, or wrapped with its type: `{ "value": 0, "type": "number" }`. */
function keyOf(value: unknown): string | undefined {
  const plain = isObject(value) ? value.value : value
  return typeof plain === 'string' || typeof plain === 'number' ? String(plain) : undefined
}

function isContainer(value: JsonValue): value is JsonObject | JsonValue[] {
  return typeof value === 'object' && value !== null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Claims that what came out of the parser is JSON. */
function asJson(value: unknown): JsonValue {
  return value as JsonValue
}
