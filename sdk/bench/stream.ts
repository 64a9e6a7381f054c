/**
 * How fast one plugin process streams, compared with the same bytes replayed from memory (by the same server,
 * and by bare HTTP/2), and how long it takes to start. Prints one JSON line a figure. Run: `node
 * sdk/bench/stream.ts [resources] [rounds]`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXTENSION_SERVICE } from '../src/server/plugin-services.ts'
import { type PluginProcess, startPlugin, startProcess } from '../src/testing/start-plugin.ts'
import { encodeStruct } from '../src/wire/resource-message.ts'
import { collectRaw } from './collect-raw.ts'

const ROOT = join(import.meta.dirname, '..')
const count = Number(process.argv[2] ?? 50_000)
const rounds = Number(process.argv[3] ?? 9)

const folder = mkdtempSync(join(tmpdir(), 'gleaner-sdk-bench-'))
try {
  await measure()
} finally {
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<void> {
  const startsMs: number[] = []
  const first = await startSample()
  print('sdk.first_start', first.startMs, 'ms')
  await first.stop()
  for (let round = 0; round < rounds; round++) {
    const started = await startSample()
    startsMs.push(started.startMs)
    await started.stop()
  }
  print('sdk.start', median(startsMs), 'ms')

  const held = await startPlugin(join(ROOT, 'bench/held-estate.ts'))
  const request = collectRequest()
  const recording = await collectRaw(held.port, request, { keep: true })
  const file = join(folder, 'recording')
  writeFileSync(file, recording.bytes)
  const replay = await startProcess([join(ROOT, 'bench/replay.ts'), file])
  const bare = await startProcess([join(ROOT, 'bench/replay.ts'), file, 'bare'])

  // In turns, so that a busy machine slows all of them.
  const rates = {
    held: [] as number[],
    batches: [] as number[],
    replay: [] as number[],
    bare: [] as number[],
  }
  for (let round = 0; round < rounds; round++) {
    rates.held.push(await rateOf(held, request))
    rates.batches.push(await batchRateOf(held, request))
    rates.replay.push(await rateOf(replay, request))
    rates.bare.push(await rateOf(bare, request))
  }
  for (const started of [held, replay, bare]) await started.stop()
  print('sdk.message', recording.length / recording.messages, 'bytes')
  print('sdk.stream', median(rates.held), 'messages/s')
  print('sdk.batches', median(rates.batches), 'resources/s')
  print('sdk.replay', median(rates.replay), 'messages/s')
  print('sdk.replay_bare', median(rates.bare), 'messages/s')
  print('plugin.sdk_stream.ratio_to_preserialized', ratio(rates.held, rates.replay), 'ratio')
  print('sdk.batches_to_replay', ratio(rates.batches, rates.replay), 'ratio')
  print('sdk.batches_to_stream', ratio(rates.batches, rates.held), 'ratio')
  print('sdk.stream_to_bare', ratio(rates.held, rates.bare), 'ratio')
}

function startSample(): Promise<PluginProcess> {
  // As Gleaner starts it: the second start and later ones find compiled code.
  return startPlugin(join(ROOT, 'src/sample/plugin.ts'), {
    env: { GLEANER_PLUGIN_CACHE: join(folder, 'compiled') },
  })
}

async function rateOf(plugin: PluginProcess, request: Buffer): Promise<number> {
  const startedAt = performance.now()
  const { messages } = await collectRaw(plugin.port, request)
  return (messages / (performance.now() - startedAt)) * 1000
}

/** The same through the extension service, which Gleaner calls: many resources a message. */
async function batchRateOf(plugin: PluginProcess, request: Buffer): Promise<number> {
  const startedAt = performance.now()
  await collectRaw(plugin.port, request, { service: EXTENSION_SERVICE })
  return (count / (performance.now() - startedAt)) * 1000
}

/** CollectRequest with `options` = 1. */
function collectRequest(): Buffer {
  const options = encodeStruct({ count })
  const length = Buffer.from([
    (options.length & 0x7f) | (options.length >= 128 ? 0x80 : 0),
    options.length >> 7,
  ])
  return Buffer.concat([Buffer.from([0x0a]), options.length >= 128 ? length : length.subarray(0, 1), options])
}

/** Turn by turn, because a machine that others use is another one a second later. */
function ratio(rates: readonly number[], yardsticks: readonly number[]): number {
  return median(rates.map((rate, round) => rate / (yardsticks[round] ?? Number.NaN)))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function print(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit }))
}
