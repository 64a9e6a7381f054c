import { InvalidArgumentError } from 'commander'
import type { JsonObject } from './client.ts'

/** Reads an option that is a JSON object. */
export function jsonObject(text: string): JsonObject {
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value))
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"depth": 2}'.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads an option that is a list of words parted by commas. */
export function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
