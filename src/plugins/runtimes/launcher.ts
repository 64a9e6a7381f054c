import { join } from 'node:path'
import { SOURCE_SUFFIX } from '../../core/packaged.ts'
import type { PluginSettings } from '../settings.ts'

/** The folder of this server's own code. */
export const ROOT = join(import.meta.dirname, '../../..')

/** The program that serves a module written with the SDK. */
export const LAUNCHER = join(ROOT, `sdk/src/launch${SOURCE_SUFFIX}`)

/** The share of the allowed memory that the JavaScript heap may take; the rest is buffers and code. */
const HEAP_SHARE = 0.6

/**
 * The flag by which Node keeps its heap within the memory of a plugin, so that it collects garbage before it
 * is killed.
 */
export function heapLimit({ maxRssMb }: Pick<PluginSettings, 'maxRssMb'>): string {
  return `--max-old-space-size=${Math.floor(maxRssMb * HEAP_SHARE)}`
}
