import { afterAll, expect, it } from 'vitest'
import { GleanerError } from '../../src/core/errors.ts'
import { createDatabase, sqlState, violatedConstraint } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { patiently } from '../support/patiently.ts'
import { silentLog } from '../support/silent-log.ts'

const test = await createTestDatabase()
const { db } = test
afterAll(test.drop)
await db.query('create table thing (id int primary key, label text)')

async function idsOf(label: string): Promise<unknown[]> {
  const rows = await db.query<{ id: number }>('select id from thing where label = $1 order by id', [label])
  return rows.map((row) => row.id)
}

it('names columns in camelCase and converts types', async () => {
  const [row] = await db.query(
    `select 1::int8 as one_thing, 9007199254740993::int8 as beyond, $1::bytea as raw_bytes,
       timestamptz '2026-01-02 03:04:05.678+02' as seen_at, date '2026-01-02' as day,
       '{"a_b":1}'::jsonb as doc_value, array[1,null]::int8[] as counts,
       array[timestamptz '2026-01-02Z', null] as instants, null::text as nothing,
       '7b1f0f3e-0c1c-4c55-9d1d-0123456789ab'::uuid as uuid_value`,
    [Buffer.from([0, 255, 1])],
  )
  expect(row).toEqual({
    oneThing: 1,
    beyond: 9007199254740993n,
    rawBytes: Buffer.from([0, 255, 1]),
    seenAt: new Date('2026-01-02T01:04:05.678Z'),
    day: '2026-01-02',
    docValue: { a_b: 1 },
    counts: [1, null],
    instants: [new Date('2026-01-02T00:00:00Z'), null],
    nothing: null,
    uuidValue: '7b1f0f3e-0c1c-4c55-9d1d-0123456789ab',
  })
})

it('prepares a named statement once and runs it with other values', async () => {
  const run = (value: number) =>
    db.query<{ twice: number }>('select $1::int * 2 as twice', [value], { name: 'twice' })
  expect([(await run(1))[0]?.twice, (await run(4))[0]?.twice]).toEqual([2, 8])
})

it('commits what the callback returns', async () => {
  const result = await db.transaction(async (tx) => {
    await tx.query("insert into thing values (1, 'committed')")
    return 'done'
  })
  expect(result).toBe('done')
  expect(await idsOf('committed')).toEqual([1])
})

it('rolls back what the callback throws, and throws the same error', async () => {
  const problem = new Error('no')
  const run = db.transaction(async (tx) => {
    await tx.query("insert into thing values (2, 'thrown')")
    throw problem
  })
  await expect(run).rejects.toBe(problem)
  expect(await idsOf('thrown')).toEqual([])
})

it('refuses to call a transaction written whose failed statement was ignored', async () => {
  const run = db.transaction(async (tx) => {
    await tx.query("insert into thing values (3, 'swallowed')")
    await tx.query('select 1/0').catch(() => {})
  })
  await expect(run).rejects.toMatchObject({ code: 'ERROR_TRANSACTION_FAILED' })
  expect(await idsOf('swallowed')).toEqual([])
})

it('sends statements that do not wait for one another together, each with its own answer', async () => {
  const answers = await db.transaction((tx) =>
    Promise.all([
      tx.query('select 1 as n'),
      tx.query('select $1::int4 as n', [2], { name: 'second_of_four' }),
      tx.copyOut('copy (select 1) to stdout with (format binary)', () => {}),
      tx.query('select 3 as n', [], { name: 'third_of_four' }),
      tx.query('select $1::int4 as n', [4], { name: 'second_of_four' }),
    ]),
  )
  expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], undefined, [{ n: 3 }], [{ n: 4 }]])

  const run = db.transaction(async (tx) => {
    const written = tx.query("insert into thing values (31, 'together')")
    const broken = tx.query('select 1 / 0')
    const after = tx.query("insert into thing values (32, 'together')")
    const states = await Promise.allSettled([written, broken, after])
    expect(states.map((each) => (each.status === 'rejected' ? sqlState(each.reason) : 'stored'))).toEqual([
      'stored',
      '22012',
      '25P02',
    ])
    throw new Error('rolled back')
  })
  await expect(run).rejects.toThrow('rolled back')
  expect(await idsOf('together')).toEqual([])
  expect(await db.query('select 5 as n')).toEqual([{ n: 5 }])
})

it('keeps statements and answers in step when values cannot be written', async () => {
  const endless: { self?: object } = {}
  endless.self = endless
  const run = db.transaction((tx) =>
    Promise.all([tx.query('select $1::jsonb', [endless]), tx.query('select $1::jsonb', [endless])]),
  )
  await expect(run).rejects.toThrow('circular')
  expect(await db.query('select 5 as n')).toEqual([{ n: 5 }])

  const select = (value: unknown) => db.query('select $1::jsonb as value', [value], { name: 'unwritable' })
  await expect(select(endless)).rejects.toThrow('circular')
  expect(await select({ a: 1 })).toEqual([{ value: { a: 1 } }])
})

it('refuses a statement that comes after its transaction has ended', async () => {
  let late = async () => {}
  await db.transaction(async (tx) => {
    late = async () => void (await tx.query("insert into thing values (4, 'late')"))
  })
  await expect(late()).rejects.toThrow('the transaction has ended')
  expect(await idsOf('late')).toEqual([])
})

it('runs the statements of one transaction one after the other, in the order of the calls', async () => {
  await db.transaction(async (tx) => {
    const insert = (id: number) => tx.query("insert into thing values ($1, 'ordered')", [id])
    await Promise.all([tx.query('select pg_sleep(0.05)'), insert(5), insert(6)])
    expect(await tx.query("select count(*) as n from thing where label = 'ordered'")).toEqual([{ n: 2 }])
  })
  expect(await idsOf('ordered')).toEqual([5, 6])
})

it('takes one statement a call', async () => {
  await expect(db.query('select 1; select 2')).rejects.toSatisfy((error) => sqlState(error) === '42601')
})

it('runs effects after the commit, with a connection free for them, and never after a rollback', async () => {
  const single = createDatabase({ connection: test.connection, log: silentLog, maxConnections: 1 })
  const seen: unknown[] = []
  await single.transaction(async (tx) => {
    tx.afterCommit(
      async () => void seen.push(await single.query("select label from thing where label = 'effect'")),
    )
    await tx.query("insert into thing values (7, 'effect')")
  })
  const rolledBack = single.transaction(async (tx) => {
    tx.afterCommit(() => void seen.push('never'))
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  await single.close()
  expect(seen).toEqual([[{ label: 'effect' }]])
})

it('logs an effect that fails and keeps the result', async () => {
  const logged: string[] = []
  const log = { ...silentLog, error: (_: object, message: string) => void logged.push(message) }
  const logging = createDatabase({ connection: test.connection, log })
  const result = await logging.transaction(async (tx) => {
    tx.afterCommit(() => Promise.reject(new Error('listener away')))
    return 'kept'
  })
  await logging.close()
  expect(result).toBe('kept')
  expect(logged).toEqual(['effect after a commit failed'])
})

it('lets a read-only transaction write nothing', async () => {
  const run = db.transaction((tx) => tx.query("insert into thing values (8, 'read only')"), {
    readOnly: true,
  })
  await expect(run).rejects.toSatisfy((error) => sqlState(error) === '25006')
})

it("keeps the SQLSTATE and the constraint of the caller's mistakes readable", async () => {
  const badRegex = await db.query("select 'a' ~ $1", ['(']).catch((error: unknown) => error)
  expect(sqlState(badRegex)).toBe('2201B')
  expect(sqlState(new Error('wrapped', { cause: badRegex }))).toBe('2201B')
  await db.query("insert into thing values (9, 'twin')")
  const twin = await db.query("insert into thing values (9, 'twin')").catch((error: unknown) => error)
  expect([sqlState(twin), violatedConstraint(twin)]).toEqual(['23505', 'thing_pkey'])
  expect(sqlState(new Error('not from a database'))).toBeUndefined()
})

it('stops a statement at its time limit, which a transaction may change', async () => {
  const impatient = createDatabase({ connection: test.connection, log: silentLog, statementTimeoutMs: 300 })
  const stopped = { kind: 'deadline', code: 'ERROR_STATEMENT_TIMEOUT', retryable: true }
  await expect(impatient.query('select pg_sleep(20)')).rejects.toMatchObject(stopped)
  const longer = await impatient.transaction((tx) => tx.query('select 1 as one from pg_sleep(0.6)'), {
    statementTimeoutMs: 20_000,
  })
  const shorter = db.transaction((tx) => tx.query('select pg_sleep(20)'), { statementTimeoutMs: 50 })
  await expect(shorter).rejects.toMatchObject(stopped)
  await impatient.close()
  expect(longer).toEqual([{ one: 1 }])
})

it('reports a deadlock as a conflict that may be repeated', async () => {
  await db.query("insert into thing values (10, 'lock'), (11, 'lock')")
  const lock = "update thing set label = 'lock' where id = $1"
  const both = Promise.withResolvers<void>()
  let arrived = 0
  const run = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.query(lock, [first])
      if (++arrived === 2) both.resolve()
      await both.promise
      await tx.query(lock, [second])
    })
  const results = await Promise.allSettled([run(10, 11), run(11, 10)])
  const failed = results.filter((result) => result.status === 'rejected')
  expect(failed).toHaveLength(1)
  expect(failed[0]?.reason).toMatchObject({ code: 'ERROR_DATABASE_CONFLICT', retryable: true })
})

it('cancels the running statement when the signal fires, and frees the locks', async () => {
  await db.query("insert into thing values (12, 'abort')")
  const stopping = new AbortController()
  const run = db.transaction(
    async (tx) => {
      await tx.query("update thing set label = 'aborted' where id = 12")
      setImmediate(() => stopping.abort())
      await tx.query('select pg_sleep(30)')
    },
    { signal: stopping.signal },
  )
  await expect(run).rejects.toMatchObject({ kind: 'canceled', code: 'ERROR_CANCELED' })
  await db.query("update thing set label = 'after' where id = 12")
  expect(await idsOf('after')).toEqual([12])
})

it('does not commit when the signal fires before the commit', async () => {
  const stopping = new AbortController()
  const run = db.transaction(
    async (tx) => {
      await tx.query("insert into thing values (15, 'too late')")
      stopping.abort()
    },
    { signal: stopping.signal },
  )
  await expect(run).rejects.toMatchObject({ kind: 'canceled' })
  expect(await idsOf('too late')).toEqual([])
})

it('gives the reason of the signal when it is one of our errors', async () => {
  const reason = new GleanerError('deadline', 'ERROR_DEADLINE', 'too late')
  await expect(db.transaction(async () => 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

it('ends the wait for a connection when the signal fires, and loses no connection by it', async () => {
  const single = createDatabase({ connection: test.connection, log: silentLog, maxConnections: 1 })
  const stopping = new AbortController()
  await single.transaction(async () => {
    const waiting = single.transaction(async () => 1, { signal: stopping.signal })
    stopping.abort()
    await expect(waiting).rejects.toMatchObject({ kind: 'canceled' })
  })
  expect(await single.query('select 1 as one')).toEqual([{ one: 1 }])
  await single.close()
})

it('says that no connection became free in time', async () => {
  await patiently(500, async (acquireTimeoutMs) => {
    const settings = { log: silentLog, maxConnections: 1, acquireTimeoutMs }
    const busy = createDatabase({ connection: test.connection, ...settings })
    const held = busy.transaction(async () => {
      await expect(busy.query('select 1')).rejects.toMatchObject({
        code: 'ERROR_DATABASE_UNAVAILABLE',
        message: expect.stringContaining('none of the 1 connections became free'),
      })
    })
    await held.finally(busy.close)
  })
})

it('reports a connection that is cut inside a transaction and goes on with a new one', async () => {
  const run = db.transaction(async (tx) => {
    await tx.query("insert into thing values (13, 'cut')")
    const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await db.query('select pg_terminate_backend($1)', [own?.pid])
    await tx.query('select pg_sleep(5)')
  })
  await expect(run).rejects.toMatchObject({ code: 'ERROR_DATABASE_UNAVAILABLE', retryable: true })
  expect(await idsOf('cut')).toEqual([])
})

it('survives that its idle connections are cut', async () => {
  const logged = Promise.withResolvers<string>()
  const log = { ...silentLog, warn: (_: object, message: string) => logged.resolve(message) }
  const idle = createDatabase({ connection: test.connection, log, maxConnections: 1 })
  const [own] = await idle.query<{ pid: number }>('select pg_backend_pid() as pid')
  await db.query('select pg_terminate_backend($1)', [own?.pid])
  expect(await logged.promise).toBe('idle database connection lost')
  expect(await idle.query('select 1 as one')).toEqual([{ one: 1 }])
  await idle.close()
})

it('frees the locks of a transaction whose process says nothing any more', async () => {
  await db.query("insert into thing values (14, 'paused')")
  await patiently(100, async (idleInTransactionTimeoutMs) => {
    const paused = createDatabase({ connection: test.connection, log: silentLog, idleInTransactionTimeoutMs })
    const run = paused.transaction(async (tx) => {
      await tx.query("update thing set label = 'never' where id = 14")
      await db.query("update thing set label = 'woken' where id = 14")
      await tx.query('select 1')
    })
    await expect(run.finally(paused.close)).rejects.toMatchObject({ code: 'ERROR_DATABASE_UNAVAILABLE' })
    // Not where the pause came before the lock.
    expect(await idsOf('woken')).toEqual([14])
  })
})
