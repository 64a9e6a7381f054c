import type { PluginConnection } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import { type MemorySample, type MemoryTrend, trendOf } from '../memory-trend.ts'
import type { Workbench } from '../workbench.ts'

const FEWEST_RUNS = 6
const MOST_SAMPLES = 100
const MIB = 1_048_576

/** A growth below this may be a garbage collector that takes its time. */
const GROWTH_MIB = 32
/** Above this there is nothing left to be seen. */
const ENOUGH_MIB = 128
const STEADINESS = 0.8

/**
 * Message after message, the plugin needs no more memory than before. Collects are repeated until enough
 * messages have passed or the time is up, since a leak of a few hundred bytes a resource shows in a hundred
 * thousand of them.
 */
export async function checkMemory(
  plugin: PluginConnection,
  workbench: Workbench,
): Promise<readonly Finding[]> {
  const { messages: enough, withinMs } = workbench.memoryLoad
  const samples: MemorySample[] = []
  let messages = 0
  let sampledAtMs = Number.NEGATIVE_INFINITY
  const endsAtMs = performance.now() + withinMs
  for (let run = 1; ; run++) {
    messages += await collectOnce(plugin, workbench)
    const nowMs = performance.now()
    const isOver = run >= FEWEST_RUNS && (messages >= enough || nowMs >= endsAtMs)
    if (run > FEWEST_RUNS && !isOver && nowMs - sampledAtMs < withinMs / MOST_SAMPLES) continue
    const bytes = (await workbench.inspect())?.memoryBytes
    if (bytes === undefined)
      return [{ check: 'memory', verdict: 'skipped', what: 'it runs where its memory cannot be seen' }]
    samples.push({ messages, mib: bytes / MIB })
    sampledAtMs = nowMs
    if (isOver || (run >= FEWEST_RUNS && trendOf(samples).growth > ENOUGH_MIB))
      return [judge(samples, run, trendOf(samples))]
  }
}

async function collectOnce(plugin: PluginConnection, { input, signal }: Workbench): Promise<number> {
  let messages = 0
  for await (const chunk of plugin.collect({ ...input, filter: {} }, signal)) messages += chunk.length
  return messages
}

function judge(
  samples: readonly MemorySample[],
  runs: number,
  { growth, slope, steadiness }: MemoryTrend,
): Finding {
  const [first, last] = [samples[0], samples.at(-1)].map((sample) => Math.round(sample?.mib ?? 0))
  const passed = samples.at(-1)?.messages ?? 0
  const perThousand = `${slope < 0 ? '−' : '+'}${Math.abs(slope).toFixed(2)} MiB for each 1,000`
  const what = `${first} MiB after the first of ${runs} runs, ${last} after the last: ${perThousand} of ${passed} messages`
  if (growth <= GROWTH_MIB || steadiness < STEADINESS) return { check: 'memory', verdict: 'passed', what }
  const advice =
    'Keep nothing beyond a call, and yield resources as they come in place of gathering them all.'
  return { check: 'memory', verdict: 'failed', what, advice }
}
