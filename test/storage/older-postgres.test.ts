import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { silentLog } from '../support/silent-log.ts'

/** Where Debian and Ubuntu put the oldest release we support. */
const BINARIES = '/usr/lib/postgresql/15'
const isInstalled = existsSync(`${BINARIES}/bin/postgres`)
if (!isInstalled) console.warn(`${BINARIES} is not there: PostgreSQL 15 was NOT tested`)

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'gleaner-pg15-'))
afterAll(() => rm(dataDir, { recursive: true }))
/**
 * Before PostgreSQL 16 its programs leave their working directory for a moment and must find back by its
 * path.
 */
await chmod(dataDir, 0o755)

const FILES = ['storage/postgres-database', 'storage/binary-array', 'storage/migrate', 'inventory/read'].map(
  (name) => `test/${name}`,
)

it.runIf(isInstalled)('stores and migrates on PostgreSQL 15 as on the embedded one', async () => {
  const server = await startEmbedded({ dataDir, log: silentLog, binaries: BINARIES })
  const { user, password, host, database } = server.adminConnection
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...FILES], {
    env: {
      PATH: process.env.PATH,
      TEST_DATABASE_URL: `postgresql://${user}:${password}@localhost/${database}?host=${host}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([
    text(vitest.stdout),
    text(vitest.stderr),
    once(vitest, 'close'),
  ])
  await server.stop()
  expect(`${server.version} ${code === 0 ? 'passed' : output + errors}`).toMatch(/^15\.\d+ passed$/)
})
