/** Names of fields that hold credentials, compared without case, dashes and underscores. */
const SECRET_NAMES = new Set([
  'secretdata',
  'secret',
  'token',
  'accesstoken',
  'refreshtoken',
  'apikey',
  'authorization',
  'cookie',
  'setcookie',
  'password',
  'passphrase',
  'privatekey',
  'credentials',
  'databaseurl',
  'connectionstring',
])

const MASK = '[secret]'

/** Deeper than this a log field is a document, and documents do not belong into logs. */
const MAX_DEPTH = 6

/**
 * A copy of log fields in which everything named like a credential is masked. It is the last net: features
 * log ids.
 */
export function redact(fields: object): Record<string, unknown> {
  return copy(fields, 1)
}

function copy(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    isSecret(key) ? MASK : masked(item, depth),
  ])
  return Object.fromEntries(entries)
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || hasOwnForm(value)) return value
  if (depth >= MAX_DEPTH) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1))
  return copy(value, depth + 1)
}

/**
 * Errors have their serializer; a value with toJSON (a Date, SecretData) knows how it wants to be printed.
 */
function hasOwnForm(value: object): boolean {
  return value instanceof Error || 'toJSON' in value
}

function isSecret(key: string): boolean {
  return SECRET_NAMES.has(key.toLowerCase().replaceAll(/[-_]/g, ''))
}
