import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** The address that all documentation speaks of. */
const ADDRESS = 'http://127.0.0.1:8080'

export type Shell = {
  /** Runs lines as they stand in a document; any that fails, or is answered with anything but 2xx, fails them all. */
  run(script: string): Promise<string>
  close(): void
}

/** A shell as its reader's: `gleaner` and `curl` are there, the home folder is empty, and the server is where the documents say. */
export function openShell(url: string): Shell {
  const home = mkdtempSync(join(tmpdir(), 'gleaner-docs-'))
  const bin = join(home, '.bin')
  mkdirSync(bin)
  const program = (name: string, command: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  program('gleaner', `'${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' "$@"`)
  program('curl', `/usr/bin/env PATH='${process.env.PATH}' curl --fail-with-body "$@"`)
  const env = {
    PATH: [bin, process.env.PATH].join(delimiter),
    HOME: home,
    NO_COLOR: '1',
    GLEANER_URL: url,
    // As `src/cli/gleaner.mjs` has it: compiled once, not at each call.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  }
  return {
    async run(script) {
      const lines = ['set -e', script.replaceAll(ADDRESS, url)].join('\n')
      return (await run('/bin/sh', ['-c', lines], { cwd: home, env })).stdout
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  }
}
