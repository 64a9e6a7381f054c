import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Program = {
  readonly child: ChildProcess
  readonly pid: number
  /** The first line it printed, parsed. */
  readonly said: Record<string, unknown>
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<void>
}

/**
 * Starts a program of `test/fixtures` and waits for the JSON line it prints when it is ready, or when it
 * failed.
 */
export async function startProgram(
  name: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<Program> {
  const file = fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const said = await firstLine(child)
  return {
    child,
    pid: child.pid ?? 0,
    said,
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      await ended
    },
  }
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  if (!child.stdout) throw new Error('the program has no output')
  for await (const line of createInterface(child.stdout)) return JSON.parse(line)
  throw new Error('the program ended without a word')
}
