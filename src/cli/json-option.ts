import { InvalidArgumentError } from 'commander'
import type { JsonObject } from './client.ts'
import { UsageError } from './failures.ts'

/** Reads an option that is a JSON object. */
export function jsonObject(text: string): JsonObject {
  const value = parseJson(text)
  if (isObject(value)) return value
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"depth": 2}'.`)
}

/** Reads the JSON behind `:=` of a filter. Throws `UsageError` when there is none. */
export function jsonOfFilter(filter: string, json: string): unknown {
  const value = parseJson(json)
  if (value === undefined)
    throw new UsageError(`--filter '${filter}' has no JSON after ':='; text is written in quotes there`)
  return value
}

/** What a JSON text holds; undefined, which no JSON text holds, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True for a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads an option that is a list of words parted by commas, at least one. */
export function words(text: string): readonly string[] {
  const list = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  if (list.length === 0) throw new InvalidArgumentError('It must be words with commas between them.')
  return list
}
