/**
 * A worker process for tests that kill one: `node worker.ts <connection as JSON> <master key> [settings as
 * JSON]`. Whatever plugin a task names, it sends 1,000 resources, one after the other, and never ends. Says
 * on stdout when it has taken a task, and when its stream was closed.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { toBlock } from '../../../src/core/message-block.ts'
import { createTaskNotices, PgBossQueue, Worker } from '../../../src/jobs/index.ts'
import type { PluginConnection, PluginHost } from '../../../src/plugins/index.ts'
import { environmentSource, openKeyring } from '../../../src/secrets/index.ts'
import { createDatabase } from '../../../src/storage/index.ts'
import { bucket } from '../../inventory/write/support.ts'
import { silentLog } from '../../support/silent-log.ts'

const connection = JSON.parse(process.argv[2] ?? '')
const db = createDatabase({ connection, log: silentLog })
const queue = new PgBossQueue({ connection, log: silentLog })
await queue.start()

const plugins: PluginHost = {
  connect: async ({ pluginId, version = '1.0.0' }): Promise<PluginConnection> => ({
    pluginId,
    version,
    init: async () => ({}),
    describe: async () => undefined,
    verify: async () => {},
    getTasks: async () => undefined,
    plan: async () => undefined,
    collect: sendForEver,
    async *collectBlocks(call, signal) {
      for await (const messages of sendForEver(call, signal)) yield messages.map(toBlock)
    },
    handOver: () => Promise.reject(new Error('this worker reads for itself')),
    lastLogLines: () => [],
    release: () => {},
  }),
  stop: async () => {},
}

async function* sendForEver(_: object, signal: AbortSignal) {
  process.stdout.write('taken\n')
  try {
    for (let number = 0; number < 1_000; number++) {
      yield [bucket({ id: `r-${number}` })]
      await pause(1, undefined, { signal })
    }
    await pause(1_000_000, undefined, { signal })
  } finally {
    process.stdout.write('left\n')
  }
}

const notices = createTaskNotices({ connection, log: silentLog })
const now = () => new Date()
const keyring = await openKeyring({
  db,
  now,
  source: environmentSource('GLEANER_MASTER_KEY', process.argv[3] ?? ''),
})
const deps = { db, queue, wakeUps: queue, notices, plugins, keyring, log: silentLog, now }
const settings = JSON.parse(process.argv[4] ?? '{}')
await new Worker(deps, { leaseMs: 1_000, renewEveryMs: 200, lookEveryMs: 100, ...settings }).start()
