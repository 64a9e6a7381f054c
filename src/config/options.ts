import { LOAD_OPTIONS } from './load-options.ts'
import { NETWORK_OPTIONS } from './network-options.ts'
import { OUTSIDE_OPTIONS } from './outside-options.ts'
import { PLUGIN_OPTIONS } from './plugin-options.ts'
import { STORAGE_OPTIONS } from './storage-options.ts'
import { WORK_OPTIONS } from './work-options.ts'

/**
 * Every option of the server, once: the name in a config file, the environment variable, and the flag that
 * `npm start -- --flag` takes. A flag wins over the environment, the environment over the file, the file over
 * the default.
 */
export const OPTIONS = {
  ...NETWORK_OPTIONS,
  ...LOAD_OPTIONS,
  ...STORAGE_OPTIONS,
  ...WORK_OPTIONS,
  ...PLUGIN_OPTIONS,
  ...OUTSIDE_OPTIONS,
} as const

/** Those that are no flags. */
export const SECRETS: ReadonlySet<string> = new Set(
  Object.entries(OPTIONS).flatMap(([key, option]) => ('isSecret' in option ? [key] : [])),
)

/** The name in a config file, as a flag: `httpPort` is `http-port`. */
export function toFlag(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
