import { readFileSync } from 'node:fs'
import { toError } from '../core/errors.ts'
import { UsageError } from './failures.ts'

export type PluginFlags = { readonly options?: string; readonly secret?: string }

type JsonObject = { [key: string]: JsonValue }
type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject

/**
 * Reads what a plugin is called with, each as JSON or as `@FILE`. What is wrong is told without what was
 * given: it may be a secret.
 */
export function readPluginFlags(flags: PluginFlags) {
  return { options: readObject('--options', flags.options), secretData: readObject('--secret', flags.secret) }
}

function readObject(flag: string, given: string | undefined): JsonObject {
  if (given === undefined) return {}
  const value = parse(flag, given.startsWith('@') ? readFile(flag, given.slice(1)) : given)
  if (isObject(value)) return value
  throw new UsageError(`${flag} must be a JSON object, or @FILE with one`)
}

/** What JSON.parse returned holds JSON and nothing else. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readFile(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${flag}: ${toError(error).message}`)
  }
}

function parse(flag: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${flag} must be a JSON object, or @FILE with one`)
  }
}
