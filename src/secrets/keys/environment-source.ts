import type { KeySource } from './key-source.ts'
import { parseKeys } from './parse-keys.ts'

/** Master keys that the environment holds, as containers get them. */
export function environmentSource(variable: string, text: string): KeySource {
  const name = `the environment variable ${variable}`
  return {
    name,
    howToAdd: `append a comma and the new key to ${variable}, and restart every process`,
    load: async () => parseKeys(text, name),
    create: undefined,
    add: undefined,
  }
}
