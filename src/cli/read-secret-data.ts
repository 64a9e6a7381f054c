import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { JsonObject } from './client.ts'
import { UsageError } from './failures.ts'
import { isObject, parseJson } from './json-option.ts'

/**
 * The option that names where the data of a secret are. They are never an argument: everybody on a machine
 * can read command lines.
 */
export const DATA_FILE = [
  '--data-file <path>',
  'file with the data as a JSON object; - for standard input',
] as const

/** Reads the data of a secret. What is in the file is not repeated, whatever is wrong with it. */
export async function readSecretData(path: string): Promise<JsonObject> {
  const text =
    path === '-'
      ? await readAll(process.stdin)
      : await readFile(path, 'utf8').catch((error: unknown) => refuse(path, error))
  const data = parseJson(text)
  if (isObject(data)) return data
  throw new UsageError(`${path === '-' ? 'standard input' : `the file '${path}'`} holds no JSON object`)
}

function refuse(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
  throw new UsageError(`the file '${path}' cannot be read${code}`)
}
