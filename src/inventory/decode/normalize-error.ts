import { type Redact, redactStrings } from '../../core/redact-strings.ts'
import { ownValue } from './field-reader.ts'
import { isJsonObject, type JsonValue } from './json.ts'
import { nameResource, toAdditional } from './named-resource.ts'
import type { NormalizedError } from './normalized-resource.ts'
import type { ResourceInfo } from './resource-info.ts'

const MAX_MESSAGE_LENGTH = 2000

/**
 * Reads an ErrorResource. Whatever its state is, it reports a failure: the reference let other states fall
 * through to match rules, which such a resource rarely has. Everything in it is optional, so this never
 * refuses. Plugins quote in it what a provider answered, credentials included: `redact` knows those.
 */
export function normalizeError(reported: ResourceInfo, redact: Redact = (text) => text): NormalizedError {
  // Before anything is cut to a length: half a secret would no longer be known for one.
  const info = redactStrings(reported, redact)
  const about = info.resource === undefined ? undefined : ownValue(info.resource, 'resource_type')
  const resourceType = typeof about === 'string' ? about.slice(0, 255) : ''
  const named = nameResource(info.resource, 'inventory.ErrorResource')
  return {
    kind: 'error',
    code: 'ERROR_PLUGIN',
    message: readMessage(info),
    resourceType,
    named,
    additional: toAdditional(resourceType, named),
  }
}

/**
 * The message, which some plugins write as JSON text (`{"error_code": …, "message": …}`) and some into the
 * resource.
 */
function readMessage(info: ResourceInfo): string {
  const inner = info.resource === undefined ? undefined : ownValue(info.resource, 'message')
  const message = info.message !== '' ? info.message : typeof inner === 'string' ? inner : ''
  const text = (fromJsonText(message) ?? message).trim()
  if (text === '') return 'the plugin reported an error without a message'
  return text.length <= MAX_MESSAGE_LENGTH ? text : `${text.slice(0, MAX_MESSAGE_LENGTH - 1).toWellFormed()}…`
}

function fromJsonText(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  const parsed = tryParse(text)
  if (!isJsonObject(parsed)) return undefined
  const message = ownValue(parsed, 'message')
  if (typeof message !== 'string' || message === '' || message.includes('\0')) return undefined
  const code = ownValue(parsed, 'error_code')
  const isCode = typeof code === 'string' && /^ERROR_\w{1,100}$/.test(code)
  return (isCode ? `${code}: ${message}` : message).toWellFormed()
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
