import { checkSchema } from './schema/check-schema.ts'

const NAME = /^[a-z][a-z0-9-]*$/
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/
const SCHEDULES = ['hours', 'interval', 'cron']
const FILTER_TYPES = ['str', 'list']

type Fields = Readonly<Record<string, unknown>>
type Check = (value: unknown, path: string) => readonly string[]

/** Each field of a declaration with its check; a name that is not here is a mistake. */
const FIELDS: Readonly<Record<string, Check>> = {
  name: matching(NAME, "lowercase letters, digits and dashes, such as 'acme'"),
  version: matching(VERSION, "a version of three numbers, such as '1.0.0'"),
  provider: filledText,
  options: optional(objectSchema),
  secret: optional(objectSchema),
  features: optional(listOf(filledText)),
  sees: optional(oneOf(['worker'])),
  permissions: optional(listOf(filledText)),
  schedules: optional(listOf(oneOf(SCHEDULES))),
  filters: optional(checkFilters),
  resourceTypes: checkResourceTypes,
  regions: optional(entriesOf({ name: filledText, tags: optional(textMap) })),
  verify: optional(callable),
  plan: optional(callable),
  getTasks: optional(callable),
  discoverTypes: optional(callable),
  scopes: optional(callable),
  collect: callable,
}

const RESOURCE_TYPE: Readonly<Record<string, Check>> = {
  group: filledText,
  type: filledText,
  isPrimary: optional(flag),
  isMajor: optional(flag),
  isSentWhenFound: optional(flag),
  serviceCode: optional(filledText),
  labels: optional(listOf(filledText)),
  tags: optional(textMap),
  metadata: optional(plainObject),
  idsAreRegional: optional(flag),
  permissions: optional(listOf(filledText)),
  schema: optional(objectSchema),
}

const FILTER: Readonly<Record<string, Check>> = {
  key: filledText,
  name: filledText,
  type: oneOf(FILTER_TYPES),
}

/** Everything that is wrong with a declaration, in the order of its fields; empty when it can be served. */
export function checkDeclaration(declaration: unknown): readonly string[] {
  if (!isFields(declaration)) return ['the declaration must be an object']
  return checkFields(FIELDS, declaration, '')
}

/** The same for types that were found while the plugin runs. */
export function checkDiscovered(types: unknown): readonly string[] {
  return isFields(types) && Object.keys(types).length === 0 ? [] : checkResourceTypes(types, 'discoverTypes')
}

function checkFields(
  fields: Readonly<Record<string, Check>>,
  value: Fields,
  path: string,
): readonly string[] {
  const unknown = Object.keys(value)
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) => `${path}${key} is not a known field (known are ${Object.keys(fields).join(', ')})`)
  const wrong = Object.entries(fields).flatMap(([key, check]) => check(value[key], `${path}${key}`))
  return [...unknown, ...wrong]
}

function checkResourceTypes(value: unknown, path: string): readonly string[] {
  if (!isFields(value) || Object.keys(value).length === 0) {
    return [`${path} must declare at least one resource type`]
  }
  const duplicates = findDuplicates(Object.values(value).map(kindOf)).map(
    (kind) => `${path} declares '${kind}' twice; group and type together must be unique`,
  )
  return [...entriesOf(RESOURCE_TYPE)(value, path), ...duplicates]
}

function checkFilters(value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${path} must be a list`]
  const wrong = value.flatMap((filter, index) =>
    isFields(filter)
      ? checkFields(FILTER, filter, `${path}[${index}].`)
      : [`${path}[${index}] must be an object`],
  )
  const keys = value.map((filter) => (isFields(filter) ? String(filter.key) : ''))
  return [...wrong, ...findDuplicates(keys).map((key) => `${path} declares the key '${key}' twice`)]
}

function entriesOf(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isFields(value)) return [`${path} must be an object`]
    return Object.entries(value).flatMap(([name, entry]) =>
      isFields(entry)
        ? checkFields(fields, entry, `${path}.${name}.`)
        : [`${path}.${name} must be an object`],
    )
  }
}

function kindOf(resourceType: unknown): string {
  return isFields(resourceType) ? `${String(resourceType.group)}/${String(resourceType.type)}` : ''
}

function findDuplicates(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => value !== '' && values.indexOf(value) !== index))]
}

function optional(check: Check): Check {
  return (value, path) => (value === undefined ? [] : check(value, path))
}

function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return [`${path} must be a list`]
    return value.flatMap((item, index) => check(item, `${path}[${index}]`))
  }
}

function oneOf(allowed: readonly string[]): Check {
  return (value, path) =>
    allowed.some((each) => each === value) ? [] : [`${path} must be one of ${allowed.join(', ')}`]
}

function matching(pattern: RegExp, description: string): Check {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value) ? [] : [`${path} must be ${description}`]
}

function objectSchema(value: unknown, path: string): readonly string[] {
  const problems = checkSchema(value, path)
  if (problems.length > 0 || !isFields(value) || value.type === 'object') return problems
  return [`${path}.type must be 'object'`]
}

function filledText(value: unknown, path: string): readonly string[] {
  return typeof value === 'string' && value !== '' ? [] : [`${path} must be a text that is not empty`]
}

function textMap(value: unknown, path: string): readonly string[] {
  const isMap = isFields(value) && Object.values(value).every((each) => typeof each === 'string')
  return isMap ? [] : [`${path} must be an object of texts`]
}

function plainObject(value: unknown, path: string): readonly string[] {
  return isFields(value) ? [] : [`${path} must be an object`]
}

function flag(value: unknown, path: string): readonly string[] {
  return typeof value === 'boolean' ? [] : [`${path} must be true or false`]
}

function callable(value: unknown, path: string): readonly string[] {
  return typeof value === 'function' ? [] : [`${path} must be a function`]
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
