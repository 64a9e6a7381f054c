import type { PluginConnection } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import type { Workbench } from '../workbench.ts'

const RUNS = 6
const MIB = 1_048_576
const GROWTH_MIB = 32

/** Run after run the plugin needs no more memory than before. */
export async function checkMemory(
  plugin: PluginConnection,
  workbench: Workbench,
): Promise<readonly Finding[]> {
  const seen: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const { input, signal } = workbench
    for await (const _ of plugin.collect({ ...input, filter: {} }, signal));
    const bytes = (await workbench.inspect())?.memoryBytes
    if (bytes === undefined)
      return [{ check: 'memory', verdict: 'skipped', what: 'it runs where its memory cannot be seen' }]
    seen.push(Math.round(bytes / MIB))
  }
  // The first runs fill caches and let a garbage collector find its size.
  const [early = 0, last = 0] = [seen[2], seen.at(-1)]
  const what = `${seen.join(', ')} MiB after each of ${RUNS} runs`
  if (last - early <= GROWTH_MIB) return [{ check: 'memory', verdict: 'passed', what }]
  const advice =
    'Keep nothing beyond a call, and yield resources as they come in place of gathering them all.'
  return [{ check: 'memory', verdict: 'failed', what, advice }]
}
