/** How long the server takes until it serves: on an empty data folder, and on one that it has used before. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BenchSize } from './bench-size.ts'
import { printMedian } from './figures.ts'
import { SERVER_ENV, SERVER_FLAGS } from './start-server.ts'

/** `count` means nothing here. */
export async function benchStart({ repeats }: BenchSize): Promise<void> {
  const cold: number[] = []
  const warm: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
    try {
      cold.push(await secondsToStart(folder))
      warm.push(await secondsToStart(folder))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  printMedian('start.cold_s', cold, 's')
  printMedian('start.warm_s', warm, 's')
}

/**
 * From the start of the process, as `npm start` starts it, to the line that says it is ready; stops it again.
 */
async function secondsToStart(folder: string): Promise<number> {
  const ports = ['--http-port', '0', '--grpc-port', '0']
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...SERVER_FLAGS,
      'src/main.ts',
      '--data-dir',
      folder,
      '--first-inventory',
      'false',
      '--log-level',
      'warn',
      ...ports,
    ],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, ...SERVER_ENV },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exited = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('Gleaner is ready')) return (performance.now() - startedAt) / 1_000
    }
    throw new Error('the server ended before it was ready')
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}
