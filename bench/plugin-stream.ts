/**
 * How fast the server reads a plugin's stream when it throws everything away: the figure all ingest rates are
 * measured against.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { create, toBinary } from '@bufbuild/protobuf'
import { SecretData } from '../src/core/secret-data.ts'
import { ResourceInfoSchema } from '../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { createPluginHost, createPluginRegistry } from '../src/plugins/index.ts'
import { writeMessageFile } from './message-file.ts'

const { values: flags } = parseArgs({
  options: {
    messages: { type: 'string', default: '50000' },
    repeat: { type: 'string', default: '8' },
    bytes: { type: 'string', default: '2500' },
    window: { type: 'string', default: '262144' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
const quiet = () => {}
const host = createPluginHost({
  dataDir: folder,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  settings: { dropPrivileges: false, windowBytes: Number(flags.window) },
  registry: createPluginRegistry({
    records: [
      {
        pluginId: 'plugin-replay',
        name: 'Replay',
        image: `cmd:${JSON.stringify([process.execPath, join(import.meta.dirname, 'replay-plugin.ts')])}`,
        serviceType: 'inventory.Collector',
        provider: 'bench',
        capability: {},
        versions: ['1.0.0'],
        labels: [],
      },
    ],
  }),
})

try {
  await measure()
} finally {
  await host.stop()
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<void> {
  const file = join(folder, 'messages')
  writeMessageFile(file, makeMessages(Number(flags.messages), Number(flags.bytes)))
  const { signal } = new AbortController()
  const connection = await host.connect({ pluginId: 'plugin-replay' }, signal)
  const read = (repeat: number) =>
    connection.collect({ options: { file, repeat }, secretData: new SecretData({}), filter: {} }, signal)
  for await (const _ of read(1));
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  let messages = 0
  let bytes = 0
  let pulls = 0
  for await (const batch of read(Number(flags.repeat))) {
    pulls++
    messages += batch.length
    for (const message of batch) bytes += message.length
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  delay.disable()
  print('plugin_stream_messages', messages / seconds, 'messages/s')
  print('plugin_stream_bytes', bytes / seconds / 1_048_576, 'MiB/s')
  print('plugin_stream_cpu', (cpu.user + cpu.system) / messages, 'us/message')
  print('plugin_stream_messages_per_pull', messages / pulls, 'messages')
  print('plugin_stream_loop_delay_p99', delay.percentile(99) / 1e6, 'ms')
  print('plugin_stream_rss', process.memoryUsage.rss() / 1_048_576, 'MiB')
  connection.release()
}

function* makeMessages(count: number, bytes: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) {
    const data = { size: number, filler: 'x'.repeat(Math.max(0, bytes - 150)) }
    const resource = {
      name: `resource-${number}`,
      provider: 'bench',
      reference: { resource_id: `bench:${number}` },
      data,
    }
    yield toBinary(
      ResourceInfoSchema,
      create(ResourceInfoSchema, { resourceType: 'inventory.CloudService', resource }),
    )
  }
}

function print(name: string, value: number, unit: string): void {
  process.stdout.write(`${JSON.stringify({ name, value: Math.round(value * 100) / 100, unit })}\n`)
}
