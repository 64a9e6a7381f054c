/**
 * A scheduler process for tests that kill one and for the benchmark: `node scheduler.ts <connection as
 * JSON>`. Says on stdout when it looks for what is due.
 */
import { PgBossQueue } from '../../../src/jobs/index.ts'
import { Scheduler } from '../../../src/schedules/index.ts'
import { createDatabase } from '../../../src/storage/index.ts'
import { silentLog } from '../../support/silent-log.ts'

const connection = JSON.parse(process.argv[2] ?? '')
const db = createDatabase({ connection, log: silentLog, maxConnections: 2 })
const queue = new PgBossQueue({ connection, log: silentLog })
await queue.start()
new Scheduler({ db, queue, log: silentLog, now: () => new Date() }, { lookEveryMs: 50 }).start()
process.stdout.write('ready\n')
