import { EXPLANATIONS } from './decode-error.ts'
import { isJsonObject, type JsonObject, type JsonValue, setKey } from './json.ts'
import { type JsonTextProblem, parseJsonText } from './json-text.ts'
import type { DecodeLimits } from './struct-decoder.ts'

/** Why a resource cannot be used. The message names the field and the types, never what the field held. */
type FieldProblem = { readonly code: string; readonly message: string }

/**
 * Reads the fields of a resource that a plugin or a person sent. An explicit null counts as absent. What is
 * wrong is kept in `problems`; later reads still answer something, so that the reading code needs no check
 * after each.
 */
export class FieldReader {
  readonly problems: FieldProblem[] = []
  readonly #source: JsonObject
  readonly #prefix: string
  /** Where problems are kept: this reader, or the one it is an inner reader of. */
  readonly #root: FieldReader

  constructor(source: JsonObject, prefix = '', root?: FieldReader) {
    this.#source = source
    this.#prefix = prefix
    this.#root = root ?? this
  }

  /** Text of at most `maxBytes` as UTF-8; empty when absent. */
  text(key: string, maxBytes: number): string {
    const value = this.#find(key)
    if (value === undefined) return ''
    if (typeof value !== 'string') return this.#wrongType(key, 'text', value, '')
    if (isLonger(value, maxBytes)) {
      this.#fail('ERROR_INVALID_PARAMETER', key, `is longer than ${maxBytes} bytes`)
      return ''
    }
    return value
  }

  requiredText(key: string, maxBytes: number): string {
    const value = this.text(key, maxBytes)
    if (value === '') this.#failRequired(key)
    return value
  }

  number(key: string): number | undefined {
    const value = this.#find(key)
    if (value === undefined || typeof value === 'number') return value
    return this.#wrongType(key, 'a number', value, undefined)
  }

  /** False when absent. */
  boolean(key: string): boolean {
    const value = this.#find(key)
    if (value === undefined) return false
    return typeof value === 'boolean' ? value : this.#wrongType(key, 'true or false', value, false)
  }

  /** A list of texts; nulls and empty texts in it are dropped. */
  texts(key: string, maxBytes: number): string[] {
    const value = this.#find(key)
    if (value === undefined) return []
    if (!Array.isArray(value)) return this.#wrongType(key, 'a list', value, [])
    const texts: string[] = []
    for (const [index, item] of value.entries()) {
      if (item === null || item === '') continue
      if (typeof item !== 'string') return this.#wrongType(`${key}.${index}`, 'text', item, [])
      if (isLonger(item, maxBytes)) {
        this.#fail('ERROR_INVALID_PARAMETER', `${key}.${index}`, `is longer than ${maxBytes} bytes`)
        return []
      }
      texts.push(item)
    }
    return texts
  }

  object(key: string): JsonObject | undefined {
    const value = this.#find(key)
    if (value === undefined) return undefined
    return isJsonObject(value) ? value : this.#wrongType(key, 'an object', value, undefined)
  }

  /**
   * An object that may come as it is or as JSON text under another key; the text wins, as it does in the
   * reference.
   */
  objectOrText(key: string, textKey: string, limits: DecodeLimits): JsonObject | undefined {
    const text = this.#find(textKey)
    if (text === undefined || text === '') return this.object(key)
    if (typeof text !== 'string') return this.#wrongType(textKey, 'JSON text', text, undefined)
    const parsed = parseJsonText(text, limits)
    if (parsed.ok) return parsed.value
    const where = parsed.path === '' ? textKey : `${textKey}.${parsed.path}`
    this.#fail('ERROR_INVALID_PARAMETER', where, `is refused: ${explainText(parsed.reason)}`)
    return undefined
  }

  /** Tags, which come as a map or, from older plugins, as a list of `{key, value}`. */
  tags(key: string): JsonObject {
    const value = this.#find(key)
    if (value === undefined) return {}
    if (isJsonObject(value)) return value
    if (!Array.isArray(value)) return this.#wrongType(key, 'a map or a list of key and value', value, {})
    const tags: JsonObject = {}
    for (const [index, item] of value.entries()) {
      const tag = isJsonObject(item) ? item : undefined
      const name = tag === undefined ? undefined : ownValue(tag, 'key')
      if (tag === undefined || typeof name !== 'string' || name === '') {
        this.#fail(
          'ERROR_INVALID_PARAMETER',
          `${key}.${index}`,
          'is not an object with a text `key` and a `value`',
        )
        return {}
      }
      setKey(tags, name, ownValue(tag, 'value') ?? null)
    }
    return tags
  }

  /** A reader of an inner object, whose problems count here; an absent object reads as an empty one. */
  inner(key: string): FieldReader {
    return new FieldReader(this.object(key) ?? {}, `${this.#prefix}${key}.`, this.#root)
  }

  /** Notes that a field is missing which the resource cannot be stored without. */
  require<T>(key: string, value: T | undefined): T | undefined {
    if (value === undefined) this.#failRequired(key)
    return value
  }

  #find(key: string): JsonValue | undefined {
    return ownValue(this.#source, key) ?? undefined
  }

  #failRequired(key: string): void {
    this.#fail('ERROR_REQUIRED_PARAMETER', key, 'is required, and was missing or empty')
  }

  #wrongType<T>(key: string, expected: string, found: JsonValue, fallback: T): T {
    this.#fail('ERROR_INVALID_PARAMETER_TYPE', key, `must be ${expected}, but is ${typeName(found)}`)
    return fallback
  }

  #fail(code: string, key: string, why: string): void {
    this.#root.problems.push({ code, message: `field '${this.#prefix}${key}' ${why}` })
  }
}

/** An own property, so that a key like `constructor` finds nothing inherited. */
export function ownValue(source: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(source, key) ? source[key] : undefined
}

function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
  }
  return names[typeof value] ?? 'an object'
}

function explainText(reason: JsonTextProblem['reason']): string {
  if (reason === 'not_json') return 'it is not valid JSON'
  if (reason === 'not_an_object') return 'it is JSON, but not an object'
  return EXPLANATIONS[reason]
}
