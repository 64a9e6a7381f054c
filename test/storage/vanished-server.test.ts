import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Connection, createDatabase, createNotifications } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const { connection, drop } = await createTestDatabase()
afterAll(drop)

/** A way to the server on which what is connected may fall silent, without anybody being told. */
async function givenWire(to: Connection) {
  if (!('host' in to)) throw new Error('the database of the tests has an address in one piece')
  const { host, port } = to
  const pairs: [Socket, Socket][] = []
  const server = createServer((near) => {
    const far = createConnection(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
    pairs.push([near, far])
    near.on('error', () => {}).pipe(far)
    far.on('error', () => {}).pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of pairs.flat()) socket.destroy()
    server.close()
  })
  const address = server.address()
  const nearPort = address !== null && typeof address === 'object' ? address.port : 0
  return {
    connection: { ...to, host: '127.0.0.1', port: nearPort },
    port: nearPort,
    /** What is connected by now; later connections work. */
    cut() {
      for (const [near, far] of pairs.splice(0)) {
        near.unpipe(far).pause()
        far.unpipe(near).pause()
        onTestFinished(() => void [near, far].map((socket) => socket.destroy()))
      }
    },
  }
}

test('what was asked of a server that vanished ends, and what comes next goes over a new connection', async () => {
  const wire = await givenWire(connection)
  const db = createDatabase({ connection: wire.connection, log: silentLog, statementTimeoutMs: 200 })
  onTestFinished(() => db.close())
  const asked = Promise.withResolvers<void>()
  const cut = Promise.withResolvers<void>()
  const going = db.transaction(async (tx) => {
    await tx.query('select 1')
    asked.resolve()
    await cut.promise
    await Promise.all([tx.query('select 1'), tx.query('select 2')])
  })
  await Promise.all([db.query('select 1'), asked.promise])
  wire.cut()
  cut.resolve()

  const ended = await Promise.allSettled([going, db.query('select 1')])
  expect(ended).toEqual(
    ended.map(() => ({ status: 'rejected', reason: expect.objectContaining({ kind: 'unavailable' }) })),
  )
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }])
})

test('a COPY from a server that vanished ends, also where nothing was asked for a while', async () => {
  const wire = await givenWire(connection)
  const db = createDatabase({ connection: wire.connection, log: silentLog, statementTimeoutMs: 200 })
  onTestFinished(() => db.close())
  await db.query('select 1')
  // Longer than a server may be silent that was asked something.
  await sleep(5_500)
  await db.query('select 1')
  wire.cut()
  const copying = db.copyOut('copy (select 1) to stdout with (format binary)', () => {})
  await expect(copying).rejects.toMatchObject({ kind: 'unavailable' })
})

// Nothing here can be made to vanish in a way that the operating system would find; but its timers can be
// read.
test.runIf(process.platform === 'linux')(
  'a connection on which nothing is said is probed within seconds',
  async () => {
    const wire = await givenWire(connection)
    const notifications = createNotifications({ connection: wire.connection, log: silentLog })
    onTestFinished(() => notifications.close())
    const isListening = Promise.withResolvers<string>()
    notifications.listen('quiet', isListening.resolve)
    await isListening.promise

    const remote = `:${wire.port.toString(16).toUpperCase().padStart(4, '0')}`
    const timers = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , to = '']) => to.endsWith(remote))
      .map(([, , , , , timer = '']) => timer.split(':'))
    const [[kind, ticks = ''] = []] = timers
    expect([timers.length, kind]).toEqual([1, '02'])
    expect(Number.parseInt(ticks, 16) / 100).toBeLessThanOrEqual(10)
  },
)
