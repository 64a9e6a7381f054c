import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { FailedPrecondition } from '../../core/errors.ts'
import type { KeySource } from './key-source.ts'
import { parseKeys } from './parse-keys.ts'

const run = promisify(execFile)

const TIMEOUT_MS = 30_000
const MAX_BYTES = 64 * 1024

/**
 * Master keys that a command prints, one a line: of a key management service or a vault. It is run by `sh` at
 * the start, and again when a key is met that it had not printed; the keys stay in memory alone.
 */
export function commandSource(command: string): KeySource {
  const name = 'the command GLEANER_MASTER_KEY_COMMAND'
  return {
    name,
    howToAdd: 'let the command print the new key as its last line',
    load: async () => parseKeys(await outputOf(name, command), name),
    create: undefined,
    add: undefined,
  }
}

// What the command says may hold a key, and so may the command itself: neither is repeated.
async function outputOf(name: string, command: string): Promise<string> {
  try {
    const { stdout } = await run('/bin/sh', ['-c', command], { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES })
    return stdout
  } catch (thrown) {
    throw new FailedPrecondition(
      'ERROR_MASTER_KEY',
      `${name} failed (${describe(thrown)}), so that there is no master key. No secret was touched. Run it by hand as the user that Gleaner runs as, and see what it says`,
    )
  }
}

function describe(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'for an unknown reason'
  if ('killed' in thrown && thrown.killed === true)
    return `it took more than ${TIMEOUT_MS / 1_000} s, or printed too much`
  return 'code' in thrown ? `exit code ${String(thrown.code)}` : 'for an unknown reason'
}
