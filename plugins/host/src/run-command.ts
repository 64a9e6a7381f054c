import { execFile } from 'node:child_process'

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** A command does not exist on this machine. */
export class CommandMissing extends Error {}

/**
 * Runs a program without a shell and returns what it printed, in the C locale. Killed when the signal aborts.
 */
export function runCommand(file: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    execFile(file, args, { env, signal, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (!error) resolve(stdout)
      else if (error.code === 'ENOENT') reject(new CommandMissing(`${file} is not installed`))
      else reject(new Error(`${file} failed: ${stderr.trim() || error.message}`, { cause: error }))
    })
  })
}
