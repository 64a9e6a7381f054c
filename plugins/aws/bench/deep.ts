/**
 * The deep path against moto: 5,004 instances and some 20,000 other resources in 4 regions of 3 accounts,
 * collected twice by one process that was started as the server starts it. `node plugins/aws/bench/deep.ts`;
 * prints a JSON line for each figure. With `--moto URL` a moto that was filled before is used.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { prepareMoto, startMoto } from '../../../test/support/moto.ts'
import { collectAll, PLUGIN, SECRET } from '../test/support.ts'
import { ACCOUNTS, fillEstate, REGIONS } from './estate.ts'

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/gleaner-plugins')

const { values } = parseArgs({ options: { moto: { type: 'string' } } })
const moto = values.moto === undefined ? await startFilled() : { url: values.moto, stop: async () => {} }
// The first start compiles what later ones find in the cache, as after an update of the server.
await (await startPlugin(PLUGIN, { env: { GLEANER_PLUGIN_CACHE: CACHE } })).stop()
const plugin = await startPlugin(PLUGIN, { env: { GLEANER_PLUGIN_CACHE: CACHE } })
const first = await collected(plugin)
const second = await collected(plugin)
const changed = [...first.hashes].filter((hash) => !second.hashes.has(hash)).length
print('resources', first.count, 'resources')
print('kinds', first.kinds, 'kinds')
print('errors', first.failures + second.failures, 'errors')
print('first resource', first.firstMs / 1_000, 's')
print('first collect', first.seconds, 's')
print('second collect', second.seconds, 's')
print('changed at the second', changed, 'resources')
print('most memory of the plugin', highestMb(plugin), 'MiB')
await plugin.stop()
await moto.stop()

async function startFilled() {
  const python = prepareMoto()
  if ('missing' in python) throw new Error(python.missing)
  const started = await startMoto(python.python)
  await fillEstate(started.url)
  return started
}

async function collected(from: PluginProcess) {
  const startedAt = performance.now()
  const options = { endpoint: moto.url, regions: [...REGIONS, 'global'], wide: false, accounts: ACCOUNTS }
  const hashes = new Set<string>()
  const kinds = new Set<string>()
  let failures = 0
  let firstMs = Number.POSITIVE_INFINITY
  for (const account of ACCOUNTS) {
    const taskOptions = { account, group: 0, groups: 1 }
    const result = await collectAll(from, { options, secretData: SECRET, taskOptions })
    failures += result.failures.length + (result.error === undefined ? 0 : 1)
    firstMs = Math.min(firstMs, result.firstServiceMs ?? firstMs)
    for (const each of result.services) {
      kinds.add(`${each.cloud_service_group}/${each.cloud_service_type}`)
      hashes.add(createHash('sha256').update(JSON.stringify(each)).digest('base64'))
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000
  return { hashes, kinds: kinds.size, failures, firstMs, count: hashes.size, seconds }
}

function highestMb({ child }: PluginProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

function print(name: string, value: number, unit: string): void {
  const rounded = Math.round(value * 1_000) / 1_000
  process.stdout.write(`${JSON.stringify({ name: `aws deep: ${name}`, value: rounded, unit })}\n`)
}
