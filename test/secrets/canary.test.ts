import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { type App, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/index.ts'
import { environmentSource, openKeyring } from '../../src/secrets/index.ts'
import { createLogger } from '../../src/telemetry/index.ts'
import { runToEnd } from '../jobs/support.ts'
import { recordOf } from '../plugins/support.ts'
import { needlesOf } from '../support/needles.ts'

/*
 * Plants markers in secrets, walks the ways a secret takes and the ways it fails, and looks for the markers in
 * everything the server has written or said. All markers begin alike, so that one search finds all of them; `CONTROL` is
 * planted where it may be found, to show that the search finds what is there.
 */
const CANARY = `canary${randomBytes(8).toString('hex')}`
const CONTROL = `control${randomBytes(8).toString('hex')}`
const DOMAIN = 'domain-cccccccccccc'

let planted = 0
/** A marker with what encodings treat in their own ways: quotes, slashes, line breaks, other alphabets. */
const newMarker = () => `${CANARY}-${++planted} "é/+?=&\\\nnext line ${CANARY}`
const newData = (): JsonObject => ({ token: newMarker(), key: newMarker(), deep: { list: [newMarker()] } })

const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-canary-'))
const said: string[] = []
const logged: string[] = []
const leaky = recordOf('leaks-secrets', { capability: { supported_schema: ['acme_token'] } })
const app: App = await startApp({
  config: readConfig({
    args: ['--http-port', '0', '--grpc-port', '0', '--data-dir', dataDir, '--first-inventory', 'false'],
    env: {},
    root: dataDir,
  }),
  log: createLogger({ level: 'debug', format: 'json', write: (line) => void logged.push(line) }),
  plugins: [leaky],
  pluginSettings: { dropPrivileges: false },
})
const db = app.database.database
await ensureDomain(db, { domainId: DOMAIN, name: 'Canaries', now: new Date() })
afterAll(async () => {
  await app.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Calls the server as a client does, and remembers what it said. */
async function ask(path: string, body: object | string) {
  const response = await fetch(`http://127.0.0.1:${app.ports?.httpPort}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify({ domain_id: DOMAIN, ...body }),
  })
  const text = await response.text()
  said.push(text)
  return { status: response.status, body: JSON.parse(text) }
}

async function read(path: string): Promise<void> {
  said.push(await (await fetch(`http://127.0.0.1:${app.ports?.httpPort}${path}`)).text())
}

async function collectTheWay(way: string): Promise<void> {
  const { body } = await ask('/secret/v1/secret/create', { name: way, data: newData() })
  const plugin_info = { plugin_id: leaky.pluginId, options: { way }, secret_id: body.secret_id }
  const collector = await ask('/inventory/v1/collector/create', { name: way, plugin_info })
  const { collector_id } = collector.body
  await ask('/inventory/v1/collector/verify-plugin', { collector_id })
  const job = await ask('/inventory/v1/collector/collect', { collector_id })
  await db.query(`update job_task set failed_attempts = 2 where domain_id = $1`, [DOMAIN])
  const { task } = await runToEnd(db, { domainId: DOMAIN, jobId: job.body.job_id })
  expect(task.status).toBe('FAILURE')
  expect(task.errors.length).toBeGreaterThan(0)
}

/** Every row of every table, the queue's included: files may hold them compressed. */
async function dumpTables(): Promise<string> {
  const tables = await db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await db.query<{ row: string }>(`select t::text as row from ${name} t`)
      return rows.map(({ row }) => row).join('\n')
    }),
  )
  return dumps.join('\n')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Where a text is found, and in which encoding. */
async function find(text: string): Promise<string[]> {
  const needles = needlesOf(text)
  const found = new Set<string>()
  const look = (place: string, bytes: Buffer) => {
    for (const needle of needles) {
      const at = bytes.indexOf(needle.bytes)
      if (at >= 0) found.add(`${place}: ${needle.encoding}: ${bytes.toString('latin1', at - 80, at + 120)}`)
    }
  }
  look('answers', Buffer.from(said.join('\n')))
  look('log', Buffer.from(logged.join('\n')))
  look('tables', Buffer.from(await dumpTables()))
  for (const file of await filesBelow(dataDir)) {
    look(`files: ${file.slice(dataDir.length)}`, await readFile(file).catch(() => Buffer.alloc(0)))
  }
  return [...found]
}

test('what is in a secret is found nowhere, whichever way it went', async () => {
  await ask('/identity/v1/project/create', { name: CONTROL })
  const create = '/secret/v1/secret/create'

  // Refused, in all the ways a request can be wrong.
  await ask(create, { name: '', data: newData() })
  await ask(create, { name: 'Key', data: newData(), schema: 's'.repeat(50), trusted_secret_id: 'x' })
  await ask(create, { name: 'Key', data: newMarker() })
  await ask(create, { name: 'Key', data: [newMarker()] })
  await ask(create, { name: 'Key', dta: newData() })
  await ask(create, { name: 'Key', data: { ...newData(), nul: `\u0000${newMarker()}` } })
  await ask(create, { name: 'Key', data: { token: newMarker().repeat(2_000) } })
  await ask(create, `{"name": "Key", "data": {"token": ${JSON.stringify(newMarker())}`)

  // Stored, changed, asked for.
  const made = await ask(create, { name: 'Key', data: newData() })
  expect(made.status).toBe(200)
  const { secret_id } = made.body
  await ask('/secret/v1/secret/update-data', { secret_id, data: newData() })
  await ask('/secret/v1/secret/update-data', { secret_id, data: newMarker() })
  await ask('/secret/v1/secret/get-data', { secret_id })
  await ask('/secret/v1/secret/get', { secret_id })
  await ask('/secret/v1/secret/list', { query: { only: ['data'] } })

  // Used by a plugin that says it aloud.
  for (const way of ['reports', 'fails', 'exits']) await collectTheWay(way)

  // Rotated, with the right keys and with wrong ones.
  expect((await ask('/gleaner/v1/secret-key/rotate', '{"with_data_keys":true}')).body).toMatchObject({
    is_finished: true,
  })
  const wrong = environmentSource(
    'GLEANER_MASTER_KEY',
    Buffer.from(CANARY.padEnd(32).slice(0, 32)).toString('base64'),
  )
  said.push(await openKeyring({ db, source: wrong, now: () => new Date() }).then(() => 'opened', String))
  const malformed = environmentSource('GLEANER_MASTER_KEY', newMarker())
  said.push(await openKeyring({ db, source: malformed, now: () => new Date() }).then(() => 'opened', String))
  expect(said.slice(-2)).toEqual([
    expect.stringMatching(/^MasterKeyMissing/),
    expect.stringMatching(/cannot be used/),
  ])

  // No longer what was sealed.
  await db.query(`update secret set sealed = sealed || '\\x00' where domain_id = $1`, [DOMAIN])
  const collectors = await ask('/inventory/v1/collector/list', {})
  const [{ collector_id }] = collectors.body.results
  const job = await ask('/inventory/v1/collector/collect', { collector_id })
  await runToEnd(db, { domainId: DOMAIN, jobId: job.body.job_id })

  // Everything that can be read of it.
  for (const path of [
    '/inventory/v1/job/list',
    '/inventory/v1/job-task/list',
    '/inventory/v1/change-history/list',
  ])
    await ask(path, {})
  await ask('/gleaner/v1/secret-opening/list', {})
  for (const path of ['/metrics', '/check', '/openapi.json']) await read(path)
  await db.query('checkpoint').catch(() => {})

  const control = await find(CONTROL)
  expect(control.map((place) => place.split(':')[0])).toEqual(
    expect.arrayContaining(['answers', 'tables', 'files']),
  )
  expect(await find(CANARY)).toEqual([])
})
