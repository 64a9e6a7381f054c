import { execFile } from 'node:child_process'
import { join } from 'node:path'

const CLI = join(import.meta.dirname, '../../src/cli/main.ts')

export type Shell = {
  /** Runs `gleaner` with these arguments; a code of 1 or 2 is a failure of the example. */
  run(args: readonly string[]): Promise<{ readonly out: string; readonly code: number }>
}

/** The command line against one server, each call a process of its own. */
export function openShell(url: string, domainId = ''): Shell {
  const env = { ...process.env, GLEANER_URL: url, GLEANER_DOMAIN: domainId, NO_COLOR: '1' }
  return {
    run(args) {
      const { promise, resolve, reject } = Promise.withResolvers<{ out: string; code: number }>()
      execFile(process.execPath, [CLI, ...args], { env }, (error, out, notices) => {
        const code = typeof error?.code === 'number' ? error.code : 0
        if (error !== null && ![0, 4].includes(code))
          reject(new Error(`gleaner ${args.join(' ')}: ${notices}`))
        else if (error !== null && code === 0) reject(error)
        else resolve({ out, code })
      })
      return promise
    },
  }
}
