import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { GleanerError, Unavailable } from '../../src/core/errors.ts'
import { toDatabaseError } from '../../src/storage/database-errors.ts'
import { readFreeBytes } from '../../src/storage/free-space.ts'
import { type Connection, createDatabase, createRoom, type Database } from '../../src/storage/index.ts'
import { LEAST_FREE_BYTES } from '../../src/storage/room.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const { db, connection, drop } = await createTestDatabase({ maxConnections: 2 })
const { db: standby, drop: dropStandby } = await createTestDatabase({
  settings: { default_transaction_read_only: 'on' },
})
afterAll(() => Promise.all([drop(), dropStandby()]))

/** As the driver throws what the server answers. */
function answered(code: string, message: string, severity = 'ERROR'): Error {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code, severity })
}

const FULL = answered('53100', 'could not extend file "base/1/2": No space left on device')

describe('what is wrong with the machine of a database', () => {
  test.each([
    ['53100', 'could not extend file: No space left on device', 'ERROR_DATABASE_FULL', 'its disk is full'],
    ['XX000', 'could not write to file: Disk quota exceeded', 'ERROR_DATABASE_FULL', 'its disk is full'],
    ['53200', 'out of memory', 'ERROR_DATABASE_FULL', 'has no memory left'],
    [
      '53100',
      'could not resize shared memory segment "/PostgreSQL.7" to 8 bytes: No space left on device',
      'ERROR_DATABASE_FULL',
      'has no memory left',
    ],
    ['53000', 'out of file descriptors: Too many open files', 'ERROR_DATABASE_IO', 'its files'],
    ['58030', 'could not read blocks 1..2: Input/output error', 'ERROR_DATABASE_IO', 'its files'],
    ['42501', 'could not open file: Read-only file system', 'ERROR_DATABASE_IO', 'its files'],
    ['25006', 'cannot execute INSERT in a read-only transaction', 'ERROR_DATABASE_READ_ONLY', 'no changes'],
    ['57P03', 'the database system is starting up', 'ERROR_DATABASE_UNAVAILABLE', 'does not answer'],
    ['57P01', 'terminating connection', 'ERROR_DATABASE_UNAVAILABLE', 'does not answer'],
    ['57P02', 'another server process has crashed', 'ERROR_DATABASE_UNAVAILABLE', 'does not answer'],
    ['53300', 'sorry, too many clients already', 'ERROR_DATABASE_UNAVAILABLE', 'does not answer'],
    ['08006', 'connection failure', 'ERROR_DATABASE_UNAVAILABLE', 'does not answer'],
  ])('%s, "%s", may pass: %s', (state, message, code, says) => {
    expect(toDatabaseError(answered(state, message), 'here:5432/inventory')).toMatchObject({
      kind: 'unavailable',
      retryable: true,
      code,
      message: expect.stringMatching(new RegExp(`^the database at here:5432/inventory .*${says}`)),
    })
  })

  test('is told from what is wrong with a statement', () => {
    for (const [state, message] of [
      ['42501', 'permission denied for table job'],
      ['XX000', 'cache lookup failed'],
      ['23505', 'duplicate key'],
    ] as const) {
      const error = answered(state, message)
      expect(toDatabaseError(error, 'here')).toBe(error)
    }
  })

  test('is told by a database that accepts no changes, and not by a question that tries to make one', async () => {
    const write = 'insert into schema_migration select * from schema_migration'
    await expect(standby.query(write)).rejects.toMatchObject({ code: 'ERROR_DATABASE_READ_ONLY' })
    await expect(standby.transaction((tx) => tx.query(write))).rejects.toMatchObject({
      code: 'ERROR_DATABASE_READ_ONLY',
    })
    await expect(db.transaction((tx) => tx.query(write), { readOnly: true })).rejects.not.toBeInstanceOf(
      GleanerError,
    )
  })
})

describe('a server that ends because its log finds no room', () => {
  test('leaves a commit in doubt, and says so', async () => {
    const wire = await givenWire(connection, 'commit', panic('could not write to file "pg_wal/xlogtemp.7"'))
    const wired = createDatabase({ connection: wire, log: silentLog })
    onTestFinished(() => wired.close())

    const committing = wired.transaction((tx) => tx.query('select 1'))

    await expect(committing).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ERROR_DATABASE_FULL',
      message: expect.stringMatching(/during a commit.*its disk is full.*wholly or not at all/),
    })
  })

  test('has written nothing of a transaction that it did not come to commit', async () => {
    const wire = await givenWire(connection, 'select 1', panic('could not write to file "pg_wal/xlogtemp.7"'))
    const wired = createDatabase({ connection: wire, log: silentLog })
    onTestFinished(() => wired.close())

    await expect(wired.transaction((tx) => tx.query('select 1'))).rejects.toMatchObject({
      code: 'ERROR_DATABASE_FULL',
      message: expect.stringContaining('was rolled back'),
    })
  })
})

describe('the room of a database', () => {
  test('is missing where too little is free on its disk, and nothing is asked of the database then', async () => {
    const room = createRoom({ freeBytes: async () => LEAST_FREE_BYTES - 1 })
    expect(await room.problem(refusing(new Error('it was asked')))).toMatch(
      /disk of the embedded database is full: 63 MB are free, 64 MB are needed.*Free some space/,
    )
  })

  test('is looked for on the disk of the log as well, where that has one of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gleaner-room-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    expect(await readFreeBytes(folder)).toBeGreaterThan(0)
    // A file system that never has room for anything.
    await symlink('/proc', join(folder, 'pg_wal'))
    expect(await readFreeBytes(folder)).toBe(0)
  })

  test('is there without a suspicion, and nothing is asked then either', async () => {
    const rooms = [createRoom(), createRoom({ freeBytes: async () => LEAST_FREE_BYTES })]
    const asked = refusing(new Error('it was asked'))
    expect(await Promise.all(rooms.map((room) => room.problem(asked)))).toEqual([undefined, undefined])
  })

  test('is missing from a failure on for as long as trying fails, and back with the first that succeeds', async () => {
    const room = createRoom()
    expect(await room.problem(refusing(FULL))).toBe(undefined)
    room.note(toDatabaseError(FULL, 'here'))
    expect(await room.problem(refusing(FULL))).toMatch(/its disk is full.*Nothing is collected/)
    const back = createRoom()
    back.note(FULL)
    expect(await back.problem(db)).toBe(undefined)
  })

  test.each([
    ['that lost its cause between threads', new Unavailable('ERROR_DATABASE_FULL', 'full'), /disk is full/],
    ['of a broken disk', answered('58030', 'Input/output error'), /its files/],
  ])('is missing after a failure %s', async (_what, failure, reason) => {
    const room = createRoom()
    room.note(failure)
    expect(await room.problem(refusing(new Error('it does not answer')))).toMatch(reason)
  })

  test('is not doubted for other failures', async () => {
    const room = createRoom()
    room.note(answered('23505', 'duplicate key'))
    room.note(new Unavailable('ERROR_DATABASE_UNAVAILABLE', 'away'))
    expect(await room.problem(refusing(new Error('it was asked')))).toBe(undefined)
  })

  test('is told of by the statements of a database', async () => {
    const heard: Error[] = []
    const told = createDatabase({ connection, log: silentLog, heard: (error) => heard.push(error) })
    onTestFinished(() => told.close())
    const raise = `do $$ begin raise exception 'no space' using errcode = '53100'; end $$`
    await expect(told.query(raise)).rejects.toThrow('its disk is full')
    await expect(told.transaction((tx) => tx.query(raise))).rejects.toThrow('its disk is full')
    expect(heard).toMatchObject([{ code: 'ERROR_DATABASE_FULL' }, { code: 'ERROR_DATABASE_FULL' }])
  })
})

/** A database that fails so whatever it is asked. */
function refusing(failure: Error): Database {
  const refuse = () => Promise.reject(failure)
  return { query: refuse, copyOut: refuse, transaction: refuse }
}

/**
 * A way to the server on which a query gets another answer than the server's, and then the connection ends.
 */
async function givenWire(to: Connection, query: string, answer: Buffer): Promise<Connection> {
  if (!('host' in to)) throw new Error('the database of the tests has an address in one piece')
  const { host, port } = to
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = createConnection(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
    sockets.push(near, far)
    near.on('error', () => {})
    far.on('error', () => {}).pipe(near)
    near.on('data', (bytes) => {
      if (bytes.includes(`${query}\0`)) near.end(answer)
      else far.write(bytes)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const nearPort = address !== null && typeof address === 'object' ? address.port : 0
  return { ...to, host: '127.0.0.1', port: nearPort }
}

/** The last word of a server process, as PostgreSQL's protocol has it. */
function panic(message: string): Buffer {
  const fields = ['SPANIC', 'VPANIC', 'C53100', `M${message}: No space left on device`]
  const body = Buffer.from(`${fields.join('\0')}\0\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
