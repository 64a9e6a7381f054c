import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { readPostmasterFile } from '../../src/storage/embedded/postmaster-file.ts'
import { until } from '../support/processes.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { printFigure } from './engine/print-figure.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOMAIN = { domain_id: 'domain-000000000001' }
const KIB = 1_024
const MIB = 1_048_576
/** Writers beside each other, and for how long they go on where nothing can be written. */
const WRITERS = 3
const FULL_MS = 4_000

const mounted = mountSmallDisk(700)
const isMissing = typeof mounted === 'string'
if (isMissing) console.warn(`SKIPPED: a full disk cannot be tried here: ${mounted}`)
const disk = claimThere(mounted)
const server = claimThere(isMissing ? mounted : await startOn(disk))
const acknowledged = new Map<string, string>()

afterAll(async () => {
  if (isMissing) return
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')
  disk.remove()
})

test.skipIf(isMissing).each([0, 64 * KIB, MIB, 17 * MIB, 40 * MIB])(
  'a disk of which %i bytes are left: nothing that was acknowledged is lost, and all goes on by itself',
  async (leaving) => {
    await fillAndRecover(leaving, async () => {})
  },
)

test.skipIf(isMissing)(
  'a disk of which nothing is left when the log of the database needs a new piece: the database ends, and comes back',
  async () => {
    const before = server.database()
    await fillAndRecover(0, async () => {
      const admin = await server.connect()
      for (let piece = 0; piece < 100; piece++) {
        await admin.query('select pg_logical_emit_message(false, $1, $2), pg_switch_wal()', ['x', 'y'])
      }
      throw new Error('the log never needed a new piece')
    })
    expect(server.database()).not.toBe(before)
  },
)

test.skipIf(isMissing)('indexes say what tables say, after all of that', async () => {
  const admin = await server.connect()
  await admin.query('create extension if not exists amcheck')
  const { rows } = await admin.query(
    `with indexes as materialized (
       select c.oid from pg_class c join pg_am a on a.oid = c.relam join pg_index i on i.indexrelid = c.oid
        where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p' and i.indisready and i.indisvalid)
     select count(*)::int as checked from (select bt_index_check(oid, true) from indexes) as each`,
  )
  expect(rows[0].checked).toBeGreaterThan(100)
  await admin.end()
})

/** One round: fill, write until nothing goes any more, give room back, look. */
async function fillAndRecover(leaving: number, meanwhile: () => Promise<void>): Promise<void> {
  await until(async () => (await server.check()).status === 200)
  const collector = await server.collector()
  disk.fill(leaving)
  const fullAt = performance.now()
  const told = until(async () => (await server.check()).status === 503).then(() => performance.now() - fullAt)
  const running = meanwhile().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const job = await server.post('/inventory/v1/collector/collect', collector)
  const refused = new Set<string>()
  await Promise.all(Array.from({ length: WRITERS }, () => write(fullAt + FULL_MS, refused)))
  expect(await server.check()).toMatchObject({
    status: 503,
    text: expect.stringMatching(/disk.*full.*[Ff]ree/),
  })
  expect([...refused].filter((code) => !/^503 ERROR_DATABASE_(FULL|UNAVAILABLE)$/.test(code))).toEqual([])
  const inTime = await told
  expect(String(await running)).not.toContain('never needed')

  disk.free()
  const freeAt = performance.now()
  await until(async () => (await server.check()).status === 200)
  const servingMs = Math.round(performance.now() - freeAt)
  printFigure('disk full, serving again', servingMs, 'ms', {
    leaving,
    toldAfterMs: Math.round(inTime),
    refused: [...refused],
    acknowledged: acknowledged.size,
  })
  expect(server.child.exitCode).toBe(null)
  await expectAllThere()
  if (job.status === 200) await server.untilSuccess(String(job.body.job_id))
  const again = await server.post('/inventory/v1/collector/collect', collector)
  await server.untilSuccess(String(again.body.job_id))
}

async function write(untilMs: number, refused: Set<string>): Promise<void> {
  while (performance.now() < untilMs) {
    const text = Array.from({ length: 4_000 }, () => Math.random().toString(36)).join('')
    const answer = await server.post('/inventory/v1/cloud-service/create', {
      ...{ ...DOMAIN, provider: 'acme', cloud_service_group: 'Net', cloud_service_type: 'Host' },
      data: { text },
    })
    if (answer.status === 200) acknowledged.set(String(answer.body.cloud_service_id), text)
    else {
      const { code = '' } = Object(answer.body.detail)
      refused.add(`${answer.status} ${code}`)
      await pause(50)
    }
  }
}

async function expectAllThere(): Promise<void> {
  const lost: string[] = []
  for (const [id, text] of acknowledged) {
    const { body } = await server.post('/inventory/v1/cloud-service/get', { ...DOMAIN, cloud_service_id: id })
    if (Object(body.data).text !== text) lost.push(id)
  }
  expect(lost).toEqual([])
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

/** The real server, as root starts it; what it prints lies on the disk as well. */
async function startOn(disk: SmallDisk) {
  const dataDir = join(disk.path, 'data')
  const [http, grpc] = [await findFreePort(), await findFreePort()]
  const output = openSync(join(disk.path, 'output.log'), 'a')
  const args = ['--data-dir', dataDir, '--http-port', String(http), '--grpc-port', String(grpc)]
  const strip = ['--disable-warning=ExperimentalWarning', '--import', join(ROOT, 'scripts/strip-types.mjs')]
  const child: ChildProcess = spawn(process.execPath, [...strip, join(ROOT, 'src/main.ts'), ...args], {
    env: { PATH: process.env.PATH, HOME: disk.path },
    stdio: ['ignore', output, output],
  })
  const url = `http://127.0.0.1:${http}`
  const databaseFolder = join(dataDir, 'postgres')

  async function post(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  async function check(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${url}/check`).catch(() => undefined)
    return { status: response?.status ?? 0, text: (await response?.text()) ?? '' }
  }

  await until(async () => {
    if (child.exitCode !== null) throw new Error(readFileSync(join(disk.path, 'output.log'), 'utf8'))
    return (await check()).status === 200
  })
  let collectorId = ''
  return {
    child,
    post,
    check,
    database: () => readPostmasterFile(databaseFolder)?.pid,
    /** The one that the first start makes. */
    async collector() {
      await until(async () => {
        if (collectorId !== '') return true
        const { results } = (await post('/inventory/v1/collector/list', DOMAIN)).body
        collectorId = Array.isArray(results) ? (results[0]?.collector_id ?? '') : ''
        return collectorId !== ''
      })
      return { ...DOMAIN, collector_id: collectorId }
    },
    async untilSuccess(jobId: string) {
      const job = { ...DOMAIN, job_id: jobId }
      const read = async () => (await post('/inventory/v1/job/get', job)).body
      await until(async () => !['', 'CREATED', 'IN_PROGRESS'].includes(String((await read()).status ?? '')))
      expect(await read()).toMatchObject({ status: 'SUCCESS' })
    },
    /** As the superuser, who alone may look at everything. */
    async connect() {
      const admin = new pg.Client({
        host: readPostmasterFile(databaseFolder)?.socketFolder ?? '',
        user: 'postgres',
        database: 'gleaner',
        password: readFileSync(join(dataDir, 'database-password'), 'utf8'),
      })
      admin.on('error', () => {})
      await admin.connect()
      return admin
    },
  }
}

/** Where something is missing nobody uses it: every test is skipped. */
function claimThere<T>(value: T | string): T {
  return value as T
}
