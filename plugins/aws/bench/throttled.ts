/**
 * The deep path behind a proxy that refuses as AWS does: each service has a bucket of 100 calls and 20 a
 * second in each region. Prints what it took against the least that the fullest bucket allows, and the share
 * of refused calls: `node plugins/aws/bench/throttled.ts`. A first collection without limits fills a memory
 * before moto, so that the second is bound by the buckets and not by moto.
 */
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import type { JsonObject } from '@gleaner/sdk'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { startFaultProxy } from '../../../test/support/fault-proxy.ts'
import { prepareMoto, startMoto } from '../../../test/support/moto.ts'
import { clientOf, collectAll, PLUGIN } from '../test/support.ts'
import { Bucket } from '../test/wide/emulator/bucket.ts'
import { startMemory } from './remember.ts'

const REGION = 'eu-central-1'
const LIMIT = { burst: 100, rate: 20 }
/** As AWS takes to answer a small question from another place of the same continent. */
const LATENCY_MS = 30
/** As many that each service takes some 600 calls: two for each topic, one for each group of logs. */
const [TOPICS, GROUPS] = [300, 600]

const python = prepareMoto()
if ('missing' in python) throw new Error(python.missing)
const moto = await startMoto(python.python)
await fill()
const memory = await startMemory(moto.url, LATENCY_MS)
await inPlugin((plugin) => collectAll(plugin, { options: optionsFor(memory.url) }))
const buckets = new Map<string, Bucket>()
const proxy = await startFaultProxy(memory.url, ({ region, service }) => {
  const key = `${service}/${region}`
  const bucket = buckets.get(key) ?? new Bucket(LIMIT)
  buckets.set(key, bucket)
  return bucket.take() ? undefined : { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' }
})
const { found, tookS } = await inPlugin(async (plugin) => {
  const startedAt = performance.now()
  const found = await collectAll(plugin, { options: optionsFor(proxy.url) })
  return { found, tookS: (performance.now() - startedAt) / 1_000 }
})

const served = [...buckets.values()].map((bucket) => bucket.served)
const refused = [...buckets.values()].reduce((sum, bucket) => sum + bucket.refused, 0)
const calls = served.reduce((sum, count) => sum + count, 0)
const bestS = (Math.max(...served) - LIMIT.burst) / LIMIT.rate
const callingS = Math.max(...[...buckets.values()].map(callingSeconds))
print('resources', found.services.length, 'resources')
print('errors', found.failures.length, 'errors')
print('calls', calls, 'calls')
print('refused', refused / (calls + refused), 'of all calls')
print('time', tookS, 's')
print('time to best', tookS / bestS, 'x')
print('calling to best', callingS / bestS, 'x')
await proxy.stop()
memory.stop()
await moto.stop()

function optionsFor(endpoint: string): JsonObject {
  return { endpoint, regions: [REGION], services: ['sns', 'logs'] }
}

/** In a process of its own, which has learnt nothing of limits yet. */
async function inPlugin<T>(work: (plugin: PluginProcess) => Promise<T>): Promise<T> {
  const plugin = await startPlugin(PLUGIN)
  try {
    return await work(plugin)
  } finally {
    await plugin.stop()
  }
}

async function fill(): Promise<void> {
  const at = clientOf(moto.url, REGION)
  const [logs, sns] = [new CloudWatchLogsClient(at), new SNSClient(at)]
  for (let n = 0; n < TOPICS; n++) await sns.send(new CreateTopicCommand({ Name: `news-${n}` }))
  for (let n = 0; n < GROUPS; n++) await logs.send(new CreateLogGroupCommand({ logGroupName: `/shop/${n}` }))
}

/** From its first call to its last. */
function callingSeconds({ firstAtMs = 0, lastAtMs }: Bucket): number {
  return (lastAtMs - firstAtMs) / 1_000
}

function print(name: string, value: number, unit: string): void {
  const rounded = Math.round(value * 1_000) / 1_000
  process.stdout.write(`${JSON.stringify({ name: `aws throttled: ${name}`, value: rounded, unit })}\n`)
}
