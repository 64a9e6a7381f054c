import { readFileSync } from 'node:fs'
import { toError } from '../core/errors.ts'
import { UsageError } from './failures.ts'

type KeySources = {
  /** From `--api-key-file`; wins over the environment. */
  readonly file: string | undefined
  /** From `GLEANER_API_KEY`. */
  readonly variable: string | undefined
}

/**
 * The API key to send; '' for none. There is no option that takes the key itself: every user of the machine
 * could read it.
 */
export function readApiKey({ file, variable = '' }: KeySources): string {
  if (file === undefined) return variable.trim()
  const text = readText(file).trim()
  if (text === '' || /\s/.test(text))
    throw new UsageError(`the file '${file}' does not hold one API key and nothing else`)
  return text
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`the API key cannot be read: ${toError(thrown).message}`)
  }
}
