/**
 * What a plugin that is told nothing makes of an API that throttles: the time against the shortest that the
 * bucket allows, and the share of refused calls. Prints one JSON line a figure. Run: `node
 * sdk/bench/throttling.ts [calls]`.
 */
import { join } from 'node:path'
import { collectFrom } from '../src/testing/collect-from.ts'
import { startPlugin } from '../src/testing/start-plugin.ts'
import { startThrottledApi } from './throttled-api.ts'

const REGIONS = 20
const LATENCY_MS = 50
const BUCKETS = [
  { burst: 100, perSecond: 20 },
  { burst: 250, perSecond: 25 },
]
const calls = Number(process.argv[2] ?? 1_000)

await Promise.all(BUCKETS.map(measure))

async function measure({ burst, perSecond }: (typeof BUCKETS)[number]): Promise<void> {
  const api = await startThrottledApi({ burst, perSecond, latencyMs: LATENCY_MS, pages: calls / REGIONS })
  const plugin = await startPlugin(join(import.meta.dirname, 'listing.ts'))
  const options = { url: api.url, regions: REGIONS }
  const startedAtMs = performance.now()
  const { error, resources } = await collectFrom(plugin.port, { options })
  const tookMs = performance.now() - startedAtMs
  await plugin.stop()
  api.stop()
  if (error !== undefined || resources.length < calls)
    throw new Error(`not everything was listed: ${error?.details}`)
  const { refused, served } = api.counts
  const bestMs = ((served - burst) / perSecond) * 1_000
  const name = `sdk.throttled_${burst}_${perSecond}`
  print(`${name}_calls`, served, 'calls')
  print(`${name}_to_best`, tookMs / bestMs, 'ratio')
  print(`${name}_refused`, refused / (served + refused), 'of all calls')
}

function print(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit }))
}
