import { type JsonObject, type JsonValue, setOwn } from './json.ts'
import { isSecretName, SENSITIVE, withoutPasswords, withoutSecretFlags } from './sensitive.ts'

/**
 * What of a provider's documents is kept from the inventory, besides what is named like a credential wherever
 * it stands.
 */
export type CleanRules = {
  /** Further names whose texts let somebody in, or hold whole scripts and files. */
  readonly secret?: RegExp
  /**
   * Names of objects and lists of which every value is taken for secret, and every key or name is kept:
   * environments, headers.
   */
  readonly environment?: RegExp
  /** Of these, entries that are known to be switches. */
  readonly harmless?: RegExp
  /**
   * Names of what changes while nobody changes anything: counters, heartbeats, tags of versions. It is left
   * out.
   */
  readonly volatile?: RegExp
  /** Texts that only name where a secret is kept. */
  readonly reference?: RegExp
}

/** As deep as messages may be; what lies deeper is nothing that anybody reads. */
const MOST_LEVELS = 60
const COMMAND_LINES: ReadonlySet<string> = new Set(['command', 'args', 'arguments', 'entrypoint'])
/** Parameters of addresses that let in whoever has the address. */
const SECRET_PARAMETER =
  /([?&](?:sig|code|token|key|secret|password|access_token|api[_-]?key|x-goog-signature|x-amz-signature)=)[^&#\s"']+/gi
/** Parts of what is called a connection string. */
const SECRET_PART =
  /\b((?:accountkey|sharedaccesskey|sharedsecretvalue|sharedaccesssignature|password|pwd)\s*=\s*)[^;"'\s]+/gi

/**
 * A copy of a provider's document that may be stored: without values of credentials and environments, without
 * passwords in addresses, and without what changes by itself. Pure.
 */
export function cleanDocument(document: JsonObject, rules: CleanRules = {}): JsonObject {
  return cleanObject(document, rules, 0)
}

/** Of a field that is called so, or of none. */
function cleanObject(object: JsonObject, rules: CleanRules, level: number, field = ''): JsonObject {
  const clean: JsonObject = {}
  const isEntry = isSecret(field, rules) || isSecret(nameOf(object), rules)
  for (const [name, value] of Object.entries(object)) {
    if (rules.volatile?.test(name)) continue
    const isValue = isEntry && VALUES.has(name)
    setOwn(clean, name, isValue ? blank(value, rules) : cleanField(name, value, rules, level + 1))
  }
  return clean
}

function cleanField(name: string, value: JsonValue, rules: CleanRules, level: number): JsonValue {
  if (level > MOST_LEVELS) return SENSITIVE
  if (rules.environment?.test(name)) return blankEnvironment(value, rules)
  if (isSecret(name, rules) && !isObject(value)) return blank(value, rules)
  if (Array.isArray(value)) return cleanList(name, value, rules, level)
  if (typeof value === 'string') return cleanText(value)
  return isObject(value) ? cleanObject(value, rules, level, name) : value
}

function cleanList(name: string, values: JsonValue[], rules: CleanRules, level: number): JsonValue {
  if (COMMAND_LINES.has(name) && values.every((each) => typeof each === 'string'))
    return withoutSecretFlags(values).map(cleanText)
  return values.map((each) => cleanField('', each, rules, level + 1))
}

/** A map of names to values, a list of `{ name, value }`, or a list of `NAME=value`. */
function blankEnvironment(value: JsonValue, rules: CleanRules): JsonValue {
  if (Array.isArray(value)) return value.map((each) => blankEntry(each, rules))
  if (!isObject(value)) return blank(value, rules)
  if (Array.isArray(value.items)) return { ...value, items: blankEnvironment(value.items, rules) }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, rules.harmless?.test(key) ? each : blank(each, rules)]),
  )
}

function blankEntry(entry: JsonValue, rules: CleanRules): JsonValue {
  if (typeof entry === 'string') return entry.replace(/^([^=]*=).+$/s, `$1${SENSITIVE}`)
  if (!isObject(entry)) return entry
  if (rules.harmless?.test(nameOf(entry))) return entry
  return Object.fromEntries(
    Object.entries(entry).map(([key, each]) => [key, NAMES.has(key) ? each : blank(each, rules)]),
  )
}

/**
 * Switches and numbers tell nothing, and of an object that says where a value comes from the names are kept.
 */
function blank(value: JsonValue, rules: CleanRules): JsonValue {
  if (typeof value === 'string') return value === '' || rules.reference?.test(value) ? value : SENSITIVE
  if (Array.isArray(value)) return value.map((each) => blank(each, rules))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, NAMES.has(key) ? each : blank(each, rules)]),
  )
}

const NAMES: ReadonlySet<string> = new Set(['name', 'key', 'type', 'slotSetting', 'version'])
const VALUES: ReadonlySet<string> = new Set(['value', 'values', 'defaultValue'])

function isSecret(name: string, { secret }: CleanRules): boolean {
  return name !== '' && (isSecretName(name) || (secret?.test(name) ?? false))
}

/** Of `{ name: 'DB_PASSWORD', value: … }`, and of `{ key: …, value: … }`; `{ DB_PASSWORD: { value: … } }` is called so by its field. */
function nameOf({ key, name }: JsonObject): string {
  return typeof name === 'string' ? name : typeof key === 'string' ? key : ''
}

function cleanText(text: string): string {
  const plain = withoutPasswords(text)
  return plain.includes('=')
    ? plain.replace(SECRET_PARAMETER, `$1${SENSITIVE}`).replace(SECRET_PART, `$1${SENSITIVE}`)
    : plain
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
