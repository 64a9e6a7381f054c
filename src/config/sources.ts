import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { toError } from '../core/errors.ts'
import { configError } from './config-error.ts'
import { readFlags } from './flags.ts'
import { OPTIONS, toFlag } from './options.ts'

export type ConfigSources = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly root: string
}

type Gathered = {
  /** What was given, by the name in a config file. */
  readonly values: Readonly<Record<string, unknown>>
  /** Where each value was given, for complaints. */
  readonly sources: Readonly<Record<string, string>>
}

/** Gathers what flags, environment and config file say. */
export function gatherOptions({ args, env, root }: ConfigSources): Gathered {
  const flags = readFlags(args)
  const file = flags.config ?? env.GLEANER_CONFIG
  const values: Record<string, unknown> = { ...(file === undefined ? {} : readFile(absolute(root, file))) }
  const sources: Record<string, string> = Object.fromEntries(
    Object.keys(values).map((key) => [key, `${file}: ${key}`]),
  )
  for (const [key, { env: variable }] of Object.entries(OPTIONS)) {
    const flag = flags[key]
    if (flag !== undefined) [values[key], sources[key]] = [flag, `--${toFlag(key)}`]
    else if (env[variable]) [values[key], sources[key]] = [env[variable], variable]
  }
  return { values, sources }
}

/** A path of the configuration, which starts from the root. */
export function absolute(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}

function readFile(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it is not a JSON object')
    return Object.fromEntries(Object.entries(value))
  } catch (thrown) {
    throw configError([`config file '${path}' cannot be read: ${toError(thrown).message}`])
  }
}
