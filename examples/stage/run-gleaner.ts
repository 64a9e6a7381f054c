import { execFile } from 'node:child_process'
import { join } from 'node:path'

const CLI = join(import.meta.dirname, '../../src/cli/main.ts')

export type Ran = { readonly out: string; readonly notices: string; readonly code: number }

export type Shell = {
  /**
   * Runs `gleaner` with these arguments; a code of 2 is a failure of the example, and so is 1 unless it is
   * expected.
   */
  run(args: readonly string[], expects?: 'failure'): Promise<Ran>
}

/** The command line against one server, each call a process of its own. */
export function openShell(url: string, domainId = ''): Shell {
  const env = { ...process.env, GLEANER_URL: url, GLEANER_DOMAIN: domainId, NO_COLOR: '1' }
  return {
    run(args, expects) {
      const { promise, resolve, reject } = Promise.withResolvers<Ran>()
      const expected = expects === 'failure' ? [0, 1, 4] : [0, 4]
      execFile(process.execPath, [CLI, ...args], { env }, (error, out, notices) => {
        const code = typeof error?.code === 'number' ? error.code : 0
        if (error !== null && !expected.includes(code))
          reject(new Error(`gleaner ${args.join(' ')}: ${notices}`))
        else if (error !== null && code === 0) reject(error)
        else resolve({ out, notices, code })
      })
      return promise
    },
  }
}
