/**
 * The thread that stores what plugins send (`jobs/part/part-thread.ts` starts it): a database of its own, and
 * nothing else of the server.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from './core/clock.ts'
import { Roster } from './inventory/write/index.ts'
import { createPartStore, serveParts, type ThreadLog } from './jobs/part/index.ts'
import { type Connection, createDatabase } from './storage/index.ts'
import { startTracing } from './telemetry/tracing.ts'
import { VERSION } from './version.ts'

/** What the thread is given. */
export type PartThreadData = { readonly connection: Connection; readonly maxConnections: number }

if (parentPort === null) throw new Error('this program is a thread of the server')
const orders = parentPort
const { connection, maxConnections }: PartThreadData = workerData
const say =
  (level: ThreadLog['level']): ((fields: object, message: string) => void) =>
  (fields, message) =>
    orders.postMessage({ level, fields, message } satisfies ThreadLog)
const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }

const tracing = await startTracing({ env: process.env, version: VERSION, log })
const db = createDatabase({ connection, maxConnections, log })
const store = createPartStore({ db, log, now: systemClock })
await serveParts(orders, { store, load: (contributor) => Roster.load(db, contributor) })
await db.close()
await tracing?.stop()
