import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'

/** What the plugin SDK costs; its benchmarks are programs of their own, because the SDK ships alone. */
export async function benchSdk({ count, repeats }: BenchSize): Promise<void> {
  await run('stream.ts', [count, repeats])
}

/** What a plugin makes of an API that throttles. */
export async function benchThrottling({ count }: BenchSize): Promise<void> {
  await run('throttling.ts', [count])
}

async function run(program: string, flags: readonly number[]): Promise<void> {
  const path = join(import.meta.dirname, '../sdk/bench', program)
  const child = spawn(process.execPath, [path, ...flags.map(String)], { stdio: 'inherit' })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} of the SDK ended with ${code}`)
}
