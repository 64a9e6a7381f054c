import { parseArgs } from 'node:util'
import { toError } from '../core/errors.ts'
import { configError } from './config-error.ts'
import { OPTIONS, SECRETS, toFlag } from './options.ts'
import { suggest } from './suggest.ts'

/** The options that a command line gives, by their names in a config file, and `config`, the file itself. */
export function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const names = [
    ...Object.keys(OPTIONS)
      .filter((key) => !SECRETS.has(key))
      .map(toFlag),
    'config',
  ]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [toKey(name), value]))
  } catch (thrown) {
    const { message } = toError(thrown)
    const [unknown] = /^--\S+(?=')/.exec(message.replace("Unknown option '", '')) ?? []
    throw configError([
      unknown === undefined
        ? message
        : `unknown option '${unknown}'${suggest(
            unknown,
            names.map((name) => `--${name}`),
          )}`,
    ])
  }
}

function toKey(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
