import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { readPostmasterFile } from '../../src/storage/embedded/postmaster-file.ts'
import { chooseRunAs } from '../../src/storage/embedded/run-as.ts'
import { superviseEmbedded } from '../../src/storage/embedded/supervise.ts'
import { createDatabase } from '../../src/storage/index.ts'
import { keptLog } from '../support/kept-log.ts'
import { findProcesses, isAlive, until } from '../support/processes.ts'
import { type Program, startProgram } from '../support/program.ts'
import { silentLog } from '../support/silent-log.ts'

/**
 * One data folder for all tests of this file, each of which counts its starts further: making one costs a
 * second.
 */
const parent = await mkdtemp(path.join(os.tmpdir(), 'gleaner-recovery-'))
const dataDir = path.join(parent, '.gleaner')
afterAll(() => rm(parent, { recursive: true }))

const postmaster = () => readPostmasterFile(path.join(dataDir, 'postgres'))?.pid ?? 0
const startServer = () => startProgram('storage/count-starts', [dataDir])
const startsOf = (server: Program) => Number(server.said.starts)

it('finds everything again after a clean stop, and leaves no process', async () => {
  const first = await startServer()
  const database = postmaster()
  await first.end()
  expect([isAlive(database), existsSync(String(first.said.folder))]).toEqual([false, false])
  const second = await startServer()
  await second.end()
  expect(second.said).toMatchObject({ starts: startsOf(first) + 1 })
})

it('lets no database outlive a server that was killed', async () => {
  const server = await startServer()
  const database = postmaster()
  await server.end('SIGKILL')
  await until(() => !isAlive(database))
  await until(() => !existsSync(String(server.said.folder)))
  const again = await startServer()
  await again.end()
  expect(again.said).toMatchObject({ starts: startsOf(server) + 1 })
})

it.runIf(process.platform === 'linux')(
  'stops the orphaned database of a killed server before it starts its own',
  async () => {
    const server = await startServer()
    const database = postmaster()
    for (const watchdog of findProcesses('gleaner-database-watchdog', String(database)))
      process.kill(watchdog, 'SIGKILL')
    await server.end('SIGKILL')
    expect(isAlive(database)).toBe(true)
    const again = await startServer()
    expect([isAlive(database), postmaster() === database]).toEqual([false, false])
    expect(existsSync(String(server.said.folder))).toBe(false)
    await again.end()
    expect(again.said).toMatchObject({ starts: startsOf(server) + 1 })
  },
)

it('recovers after server and database were killed together', async () => {
  const server = await startServer()
  const database = postmaster()
  process.kill(database, 'SIGKILL')
  await server.end('SIGKILL')
  const again = await startServer()
  await again.end()
  expect(again.said).toMatchObject({ starts: startsOf(server) + 1 })
})

it('starts although the number of its killed database now belongs to another program', async () => {
  const server = await startServer()
  await server.end()
  const stranger = spawn('sleep', ['600'], {
    ...chooseRunAs(path.join(dataDir, 'postgres'), undefined),
    stdio: 'ignore',
  })
  onTestFinished(() => void stranger.kill())
  await once(stranger, 'spawn')
  const file = path.join(dataDir, 'postgres', 'postmaster.pid')
  await writeFile(file, `${stranger.pid}\n/proc/self/cwd\n1\n5432\n/tmp/gleaner-gone\n\n\nready\n`)
  const again = await startServer()
  await again.end()
  expect(again.said).toMatchObject({ starts: startsOf(server) + 1 })
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
})

it('refuses a second server on the same folder while the first one goes on', async () => {
  const first = await startServer()
  const second = await startServer()
  expect(second.said).toMatchObject({ code: 'ERROR_DATA_FOLDER_IN_USE' })
  expect(String(second.said.message)).toContain(`process ${first.pid}`)
  expect(isAlive(postmaster())).toBe(true)
  await first.end()
})

it('waits for a full disk to have room, however long that takes, and then brings the database back', async () => {
  let freeBytes = 1_000
  const looks: number[] = []
  const look = async () => {
    looks.push(freeBytes)
    return freeBytes
  }
  const { logged, log } = keptLog()
  const server = await superviseEmbedded({ dataDir, log, freeBytes: look })
  const db = createDatabase({ connection: server.connection, log: silentLog })
  const { pid } = server
  process.kill(pid, 'SIGKILL')
  await until(() => looks.length === 3)
  expect([server.pid, isAlive(pid)]).toEqual([pid, false])
  expect(logged.filter((line) => line.includes('the disk of the embedded database is full'))).toHaveLength(1)
  freeBytes = 10 ** 9
  await until(() => server.pid !== pid)
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }])
  await db.close()
  process.kill(server.pid, 'SIGKILL')
  freeBytes = 0
  await until(() => looks.at(-1) === 0)
  await server.stop()
})

it('brings a killed database back under the same address, and connections recover', async () => {
  const server = await superviseEmbedded({ dataDir, log: silentLog })
  const db = createDatabase({ connection: server.connection, log: silentLog })
  await db.query('create table kept as select 1 as id')
  const { pid } = server
  const interrupted = db.transaction(async (tx) => {
    await tx.query('insert into kept values (2)')
    process.kill(pid, 'SIGKILL')
    await tx.query('select pg_sleep(30)')
  })
  await expect(interrupted).rejects.toMatchObject({ code: 'ERROR_DATABASE_UNAVAILABLE', retryable: true })
  await until(() => server.pid !== pid)
  expect(await db.query('select id from kept')).toEqual([{ id: 1 }])
  await db.close()
  await server.stop()
  expect(isAlive(server.pid)).toBe(false)
})
