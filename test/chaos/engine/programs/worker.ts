/**
 * A worker process for faults: everything real, with a lease that the caller chooses.
 * `node worker.ts <{connection, dataDir, masterKey, settings} as JSON>`. Says `ready` on stdout.
 */
import { createTaskNotices, PgBossQueue, Worker } from '../../../../src/jobs/index.ts'
import { createPluginHost, createPluginRegistry } from '../../../../src/plugins/index.ts'
import { environmentSource, openKeyring } from '../../../../src/secrets/index.ts'
import { createDatabase } from '../../../../src/storage/index.ts'
import { silentLog } from '../../../support/silent-log.ts'
import { SAMPLE } from '../sample.ts'

const { connection, dataDir, masterKey, settings } = JSON.parse(process.argv[2] ?? '')
const log = silentLog
const now = () => new Date()

process.on('unhandledRejection', (reason) => {
  process.stderr.write(`unhandled: ${String(reason)}\n`)
  process.exit(70)
})

const db = createDatabase({ connection, log, maxConnections: 8, acquireTimeoutMs: 5_000 })
const queue = new PgBossQueue({ connection, log })
await queue.start()
const keyring = await openKeyring({ db, now, source: environmentSource('GLEANER_MASTER_KEY', masterKey) })
const plugins = createPluginHost({
  registry: createPluginRegistry({ records: [SAMPLE] }),
  dataDir,
  log,
  // A plugin that is killed every second is started again at once: here that is no sign of a broken one.
  settings: { dropPrivileges: false, backoffMs: 50, maxBackoffMs: 100, stopGraceMs: 500 },
})
const notices = createTaskNotices({ connection, log })
const worker = new Worker(
  { db, queue, wakeUps: queue, notices, plugins, keyring, log, now },
  { ...settings, attempts: { maxFailed: 1_000, maxLost: 1_000 } },
)
await worker.start()
process.stdout.write('ready\n')
