import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { BenchSize } from './bench-size.ts'

/** What the plugin SDK costs; its benchmark is a program of its own, because the SDK ships alone. */
export async function benchSdk({ count, repeats }: BenchSize): Promise<void> {
  const program = join(import.meta.dirname, '../sdk/bench/stream.ts')
  const child = spawn(process.execPath, [program, String(count), String(repeats)], { stdio: 'inherit' })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the benchmark of the SDK ended with ${code}`)
}
