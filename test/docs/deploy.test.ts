import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { OPTIONS } from '../../src/config/index.ts'
import { type Connection, openDatabase, withDatabase } from '../../src/storage/index.ts'
import { addressOf, startTestApp } from '../support/app.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { openShell } from './shell.ts'

const ROOT = join(import.meta.dirname, '../..')
const GUIDE = read('docs/guide/deploy.md')
const FILES = readdirSync(join(ROOT, 'deploy')).map((name) => ({ name, text: read(`deploy/${name}`) }))

describe('what deploy.md says of PostgreSQL', () => {
  test('the SQL makes a database on which both walls stand and keywords have their index', async () => {
    const { connection, drop } = await createEmptyDatabase()
    onTestFinished(drop)
    const name = `deploy_${randomBytes(4).toString('hex')}`
    const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-deploy-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const sql = read('deploy/database.sql').replaceAll('gleaner', name).replace(":'password'", "'secret'")
    const [asAdmin = '', inDatabase = ''] = sql
      .replaceAll(/^\\(set|getenv) .*$/gm, '')
      .split(/^\\connect .*$/m)
    await runStatements(connection, asAdmin)
    onTestFinished(() =>
      runStatements(
        connection,
        `drop database ${name} with (force); drop role ${name}, ${name}_tenant, ${name}_project;`,
      ),
    )
    await runStatements(withDatabase(connection, name), inDatabase)

    const told: string[] = []
    const tell = (_fields: object, message: string) => void told.push(message)
    const url = new URL(addressOf(withDatabase(connection, name)))
    url.username = name
    url.password = 'secret'
    const opened = await openDatabase({
      databaseUrl: url.href,
      dataDir,
      migrations: join(ROOT, 'migrations'),
      log: { debug() {}, info: tell, warn: tell, error: tell },
    })
    const [index] = await opened.database.query<{ there: boolean }>(
      `select to_regclass('cloud_service_keywords') is not null as there`,
    )
    const [role] = await opened.database
      .boundTo('domain-000000000001', ['project-000000000001'])
      .query<{ name: string }>('select current_user::text as name')
    await opened.close()

    expect(index?.there).toBe(true)
    expect(role?.name).toBe(`${name}_project`)
    expect(told.filter((message) => /row-level security|keywords/.test(message))).toEqual([])
    expect(told).toContain('database ready')
  })
})

describe('what deploy.md says of the first key', () => {
  test('makes a domain, a key of it, and a first collection', async () => {
    const key = randomBytes(32).toString('hex')
    const server = await startTestApp({ env: { GLEANER_FIRST_API_KEY: key } })
    onTestFinished(() => server.stop())
    const shell = openShell(server.url)
    onTestFinished(() => shell.close())
    const [, below = ''] = GUIDE.split('## The first key and the first domain')
    const [, block = ''] = below.split(/^```(?:sh)?\n/m)

    const out = await shell.run(`GLEANER_FIRST_API_KEY=${key}\n${block}\ncat alice.key`)

    expect(out).toMatch(/^Created collector-[0-9a-f]{12} on plugin-host/m)
    expect(out).toMatch(/^SUCCESS: 'First machine' was collected/m)
    expect(out).toMatch(/^glnr_\w+$/m)
  })
})

describe('the files of deploy/', () => {
  test('name only options that there are', () => {
    const known = new Set(Object.values(OPTIONS).map(({ env }): string => env))
    const own = ['GLEANER_DB_PASSWORD']
    const named = [...FILES.map(({ text }) => text), GUIDE].flatMap(
      (text) => text.match(/GLEANER_[A-Z_]*[A-Z]\b/g) ?? [],
    )
    const others = ['GLEANER_API_KEY', 'GLEANER_DOMAIN', 'GLEANER_MAX_TASKS']
    expect(new Set(named).size).toBeGreaterThan(10)
    expect(named.filter((name) => ![...known, ...own, ...others].includes(name))).toEqual([])
  })

  test('wait for a stop longer than the server takes', () => {
    const [, within = ''] = /STOP_WITHIN_MS = ([\d_]+)/.exec(read('src/main.ts')) ?? []
    const longest = Number(within.replaceAll('_', '')) / 1_000
    const given = [/TimeoutStopSec=(\d+)/, /stop_grace_period: (\d+)s/].map((pattern) =>
      Number(FILES.map(({ text }) => pattern.exec(text)?.[1]).find((seconds) => seconds !== undefined)),
    )
    expect(longest).toBeGreaterThan(0)
    expect(given.map((seconds) => seconds > longest)).toEqual([true, true])
  })

  test('give every role a process', () => {
    const roles = [...read('deploy/compose.yaml').matchAll(/GLEANER_ROLES: (\w+)/g)].map(([, role]) => role)
    expect(roles.toSorted()).toEqual(['api', 'scheduler', 'worker'])
  })
})

async function runStatements(connection: Connection, sql: string): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    const statements = sql.replaceAll(/^--.*$/gm, '').split(';')
    for (const statement of statements) if (statement.trim() !== '') await client.query(statement)
  } finally {
    await client.end()
  }
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
