import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf'
import { InvalidParameter, toError } from '../../core/errors.ts'
import type { RequestLimits } from '../limits.ts'
import { MalformedRequest } from '../malformed-request.ts'
import type { ParsedRequest } from '../open-call.ts'
import { assertJsonText } from './json-text.ts'

const WRONG_TYPE = 'ERROR_INVALID_PARAMETER_TYPE'

/**
 * Turns a request body into a message. Keys are proto names (`plugin_info`) or their camelCase; a key or enum
 * value nobody has defined is refused with its path. `null` means absent, as the JSON form of protobuf says,
 * so that `has` is true exactly for the keys that were sent with a value.
 */
export function readJsonRequest(desc: DescMessage, body: Uint8Array, limits: RequestLimits): ParsedRequest {
  return readJsonObject(desc, parseObject(body, limits), limits)
}

/** The same for a request that is an object already. */
export function readJsonObject(desc: DescMessage, json: JsonObject, limits: RequestLimits): ParsedRequest {
  const sent = new Set<string>()
  checkMessage(desc, json, '', sent)
  return { message: decode(desc, json, limits), has: (path) => sent.has(path) }
}

function parseObject(body: Uint8Array, limits: RequestLimits): JsonObject {
  const text = decodeText(body)
  if (text.trim() === '') {
    throw new MalformedRequest(
      'the request body is empty; send a JSON object, {} when there is nothing to say',
    )
  }
  assertJsonText(text, limits)
  const json: JsonValue = JSON.parse(text)
  if (!isObject(json)) {
    throw new MalformedRequest(`the request body is ${kindOf(json)}; send a JSON object`)
  }
  return json
}

function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new MalformedRequest('the request body is not valid UTF-8', { cause })
  }
}

/**
 * What is left for the decoder to refuse has no path; the check before it has already named what callers get
 * wrong.
 */
function decode(desc: DescMessage, json: JsonObject, limits: RequestLimits): Message {
  try {
    // The text's depth is checked already; the decoder counts levels in another way.
    return fromJson(desc, json, { recursionLimit: 2 * limits.maxDepth + 2 })
  } catch (cause) {
    throw new MalformedRequest(`the request body does not fit ${desc.typeName}: ${toError(cause).message}`, {
      cause,
    })
  }
}

function checkMessage(
  desc: DescMessage,
  json: JsonObject,
  prefix: string,
  sent: Set<string> | undefined,
): void {
  for (const [key, sentValue] of Object.entries(json)) {
    const field = desc.fields.find((each) => each.name === key || each.jsonName === key)
    if (field === undefined) throw unknownField(desc, prefix + key)
    const path = prefix + field.name
    const value = isTags(field) ? tagsAsMap(sentValue) : sentValue
    json[key] = value
    if (value === null && !takesNull(field)) continue
    sent?.add(path)
    checkField(field, value, path, sent)
  }
}

function unknownField(desc: DescMessage, path: string): InvalidParameter {
  const names = desc.fields.map((each) => each.name).join(', ')
  const hint = names === '' ? 'this method takes no fields' : `known here are ${names}`
  return new InvalidParameter(path.slice(0, 100), `there is no such field; ${hint}`)
}

function isTags(field: DescField): boolean {
  return field.name === 'tags' && field.message?.typeName === 'google.protobuf.Struct'
}

/** Clients of older releases send tags as a list of `{key, value}`; a map is what they mean. */
function tagsAsMap(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value
  const entries: [string, JsonValue][] = []
  for (const item of value) {
    if (!isObject(item) || typeof item.key !== 'string' || item.value === undefined) return value
    entries.push([item.key, item.value])
  }
  return Object.fromEntries(entries)
}

function takesNull(field: DescField): boolean {
  return field.message?.typeName === 'google.protobuf.Value' && field.fieldKind === 'message'
}

function checkField(field: DescField, value: JsonValue, path: string, sent: Set<string> | undefined): void {
  if (field.fieldKind !== 'list') {
    checkSingle(field, value, path, sent)
    return
  }
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value)
  // Presence ends at lists: there is no name for a field of the third element.
  for (const [index, item] of value.entries()) checkSingle(field, item, `${path}.${index}`, undefined)
}

function checkSingle(field: DescField, value: JsonValue, path: string, sent: Set<string> | undefined): void {
  if (field.enum !== undefined) checkEnum(field.enum, value, path)
  else if (field.scalar !== undefined) checkScalar(field.scalar, value, path)
  else if (field.message !== undefined) checkSubmessage(field.message, value, path, sent)
}

function checkSubmessage(
  desc: DescMessage,
  value: JsonValue,
  path: string,
  sent: Set<string> | undefined,
): void {
  if (desc.typeName === 'google.protobuf.Value') return
  if (desc.typeName === 'google.protobuf.ListValue') {
    if (!Array.isArray(value)) throw wrongType(path, 'a list', value)
    return
  }
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  if (!desc.typeName.startsWith('google.protobuf.')) checkMessage(desc, value, `${path}.`, sent)
}

function checkEnum(desc: DescEnum, value: JsonValue, path: string): void {
  if (desc.values.some((each) => each.name === value || each.number === value)) return
  throw new InvalidParameter(path, `not one of ${desc.values.map((each) => each.name).join(', ')}`)
}

function checkScalar(scalar: ScalarType, value: JsonValue, path: string): void {
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) {
    if (typeof value !== 'string') throw wrongType(path, 'a text', value)
  } else if (scalar === ScalarType.BOOL) {
    if (typeof value !== 'boolean') throw wrongType(path, 'true or false', value)
  } else if (typeof value !== 'number' && !(typeof value === 'string' && /^-?[0-9]+$/.test(value))) {
    throw wrongType(path, 'a number', value)
  } else if (INT32.has(scalar)) {
    checkRange(Number(value), scalar === ScalarType.UINT32, path)
  }
}

const INT32 = new Set([ScalarType.INT32, ScalarType.UINT32])

function checkRange(value: number, isUnsigned: boolean, path: string): void {
  const [min, max] = isUnsigned ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1]
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new InvalidParameter(path, `not a whole number between ${min} and ${max}`)
}

function wrongType(path: string, wanted: string, value: JsonValue): InvalidParameter {
  return new InvalidParameter(path, `expected ${wanted}, got ${kindOf(value)}`, WRONG_TYPE)
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  const kinds: Record<string, string> = { string: 'a text', number: 'a number', boolean: 'a truth value' }
  return kinds[typeof value] ?? 'an object'
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
