/**
 * Collects many types through Cloud Control of the emulator, as the server would, and prints what it took:
 * the time against the best that the bucket allows, the share of refused calls, and the memory of the
 * plugin's process. Flags: types, resources, details (whether each resource has to be asked for alone),
 * burst, rate, latency.
 *
 * `node plugins/aws/bench/wide.ts --types 1000 --resources 20 --burst 100 --rate 20 --latency 100`
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { collectFrom, startPlugin } from '@gleaner/sdk/testing'
import { loadWideData } from '../src/wide/load-data.ts'
import { Bucket } from '../test/wide/emulator/bucket.ts'
import { startCloud } from '../test/wide/emulator/cloud.ts'

const ACCOUNT = '111122223333'
const REGION = 'us-east-1'
const number = (value: string) => ({ type: 'string', default: value }) as const
const { values } = parseArgs({
  options: {
    types: number('1000'),
    resources: number('20'),
    details: { type: 'boolean', default: false },
    burst: number('100'),
    rate: number('20'),
    latency: number('100'),
  },
})
const [types, resources, burst, rate, latencyMs] = [
  Number(values.types),
  Number(values.resources),
  Number(values.burst),
  Number(values.rate),
  Number(values.latency),
]

const cloud = await startCloud({ regions: [REGION], bucket: { burst, rate }, latencyMs })
const names = typesOfTheSimplestSort().slice(0, types)
for (const name of names) for (let n = 0; n < resources; n++) put(name, n)

const plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
const startedAt = performance.now()
const found = await collectFrom(plugin.port, {
  secretData: { aws_access_key_id: 'AKIAWIDE', aws_secret_access_key: 'needle-4711-needle' },
  options: {
    endpoint: cloud.url,
    services: ['cloudcontrol'],
    wide_types: names,
    regions: [REGION],
    wide_young_types: false,
    wide_cross_check: false,
  },
})
const tookMs = performance.now() - startedAt
const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${plugin.child.pid}/status`, 'utf8'))?.[1]
const bucket = cloud.buckets.get(`${ACCOUNT}/${REGION}`) ?? new Bucket({ burst, rate })
const callingMs = bucket.lastAtMs - (bucket.firstAtMs ?? bucket.lastAtMs)
const bestMs = (Math.max(0, bucket.served - burst) / rate) * 1_000
await plugin.stop()
cloud.stop()

const print = (name: string, value: number, unit: string) =>
  console.log(JSON.stringify({ name: `aws_wide_${name}`, value: Math.round(value * 1_000) / 1_000, unit }))
print('types', names.length, 'types')
print(
  'resources',
  found.resources.filter(
    ({ state, resourceType }) => state === 4 && resourceType === 'inventory.CloudService',
  ).length,
  'resources',
)
print('failures', found.resources.filter(({ state }) => state === 5).length, 'errors')
print('calls', bucket.served, 'calls')
print('refused', bucket.refused / Math.max(1, bucket.served + bucket.refused), 'of all calls')
print('time', tookMs / 1_000, 's')
print('time_calling', callingMs / 1_000, 's')
print('time_calling_to_best', callingMs / Math.max(1, bestMs), 'x')
print('time_to_best', tookMs / Math.max(1, bestMs), 'x')
print('memory_peak', Number(peak) / 1024, 'MB')
if (found.error) console.error(found.error.details)

/**
 * Types that lie in the region, want to be told nothing, and have no module of their own among the most
 * common.
 */
function typesOfTheSimplestSort(): readonly string[] {
  return Object.entries(loadWideData().types)
    .filter(([, { ask, reach }]) => ask === undefined && reach === undefined)
    .map(([name]) => name)
}

/** About 1.5 KB, as most resources are. */
function put(name: string, n: number): void {
  const type = loadWideData().types[name]
  const identifier = `${name.split('::').at(-1)?.toLowerCase()}-${n}`
  const own = Object.fromEntries(
    [...(type?.identifier ?? []), type?.arn ?? 'Arn', type?.name ?? 'Name'].map((property) => [
      property,
      /arn$/i.test(property) ? `arn:aws:x:${REGION}:${ACCOUNT}:${identifier}` : identifier,
    ]),
  )
  const settings = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      `Setting${at}`,
      { Enabled: at % 2 === 0, Value: `value-${n}-${at}`, Limit: at * n },
    ]),
  )
  const tags = type?.tags === undefined ? {} : { [type.tags]: [{ Key: 'team', Value: 'shop' }] }
  cloud.estate.put(`${ACCOUNT}/${REGION}`, name, {
    identifier,
    properties: { ...own, ...tags, Settings: settings },
    listed: values.details ? (type?.identifier ?? []) : undefined,
  })
}
