import { isSecretName, type JsonObject, type JsonValue, withoutPasswords } from '@gleaner/sdk'

export const REDACTED = '(sensitive)'

/** A longer text is somebody's file, and no document of settings. */
const MAX_PARSED_LENGTH = 1_000_000

/**
 * A text without the passwords of addresses in it. One that is a document in JSON, as the container
 * definitions of a task are, loses what is named like a credential in there; one that has nothing of the kind
 * stays as it is, to the last space.
 */
export function redactText(text: string): string {
  const plain = withoutPasswords(text)
  if (!/^\s*[[{]/.test(plain) || plain.length > MAX_PARSED_LENGTH) return plain
  const document = parse(plain)
  return document !== undefined && redactDocument(document) ? write(document) : plain
}

/**
 * Whether an entry such as `{ "name": "DB_PASSWORD", "value": "…" }` says by its name that its value is a
 * credential.
 */
export function isSecretEntry({ key, name }: JsonObject): boolean {
  return [name, key].some((each) => typeof each === 'string' && isSecretName(each))
}

/**
 * Whether there was anything. Walks with a list of its own, since whoever wrote the text decides how deep it
 * goes.
 */
function redactDocument(document: object): boolean {
  let hasChanged = false
  const open = [document]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const isEntry = !Array.isArray(each) && isSecretEntry({ ...each })
    for (const [key, value] of Object.entries(each)) {
      if (typeof value === 'object' && value !== null) open.push(value)
      else if (typeof value !== 'string' || value === '') continue
      else if (isSecretName(key) || (isEntry && key === 'value'))
        hasChanged = Reflect.set(each, key, REDACTED) || hasChanged
    }
  }
  return hasChanged
}

function parse(text: string): object | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** One that goes too deep to be written down again is nothing that anybody reads. */
function write(document: object): string {
  try {
    return JSON.stringify(document)
  } catch {
    return REDACTED
  }
}
