import { afterAll, describe, expect, it } from 'vitest'
import { literal, RowWriter, readFields, sqlState } from '../../src/storage/index.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { untilSomebodyWaits } from '../support/lock-waits.ts'

const test = await createEmptyDatabase()
const { db } = test
afterAll(test.drop)
await db.query(`create table thing (
  id text primary key, tags text[] not null, size float8, is_new bool, seen_at timestamptz, count int8, document jsonb
)`)
const COPY_THINGS =
  'copy thing (id, tags, size, is_new, seen_at, count, document) from stdin with (format binary)'

/** What has broken escaping somewhere before. */
const NASTY = [
  '',
  'null',
  '\\N',
  '\\.',
  '"',
  '\\"',
  '{a,b}',
  ',',
  '\n\r\t\u0001',
  'äß€😀',
  'x'.repeat(150_000),
]
const SEEN_AT = new Date('2026-01-02T03:04:05.678Z')

type Thing = { readonly id: string; readonly document?: string }

function rowsOf(things: readonly Thing[]): Buffer {
  const row = new RowWriter()
  row.header()
  for (const { id, document = '{}' } of things) {
    row.row(7)
    row.text(id)
    row.textArray([id, 'b'])
    row.float8(-0.5)
    row.boolean(true)
    row.timestamptz(SEEN_AT)
    row.int8(-9_007_199_254_740_991)
    row.jsonb(document)
  }
  row.trailer()
  return row.written
}

/** In pieces that end anywhere. */
function* piecesOf(things: readonly Thing[]): Generator<Uint8Array> {
  const rows = rowsOf(things)
  for (let at = 0; at < rows.length; at += 10_000) yield rows.subarray(at, at + 10_000)
}

const copyThings = (things: readonly Thing[], signal?: AbortSignal) =>
  db.transaction((tx) => tx.copyIn(COPY_THINGS, piecesOf(things)), signal && { signal })

describe('rows that are copied', () => {
  it('are what they were, whatever is in them', async () => {
    await copyThings(NASTY.map((id) => ({ id, document: JSON.stringify({ id }) })))
    const stored = await db.query(`select * from thing`)
    expect(stored).toEqual(
      NASTY.map((id) => ({
        id,
        tags: [id, 'b'],
        size: -0.5,
        isNew: true,
        seenAt: SEEN_AT,
        count: -9_007_199_254_740_991,
        document: { id },
      })),
    )
  })

  it('may lack values and elements', async () => {
    const row = new RowWriter()
    row.header()
    row.row(7)
    row.text('empty')
    row.textArray([])
    for (let field = 0; field < 5; field++) row.null()
    row.trailer()
    await db.transaction((tx) => tx.copyIn(COPY_THINGS, [row.written]))
    const [stored] = await db.query(`select * from thing where id = 'empty'`)
    expect(stored).toMatchObject({ tags: [], size: null, isNew: null, seenAt: null, document: null })
  })

  it('are none when one is refused while others are under way, and the connection goes on', async () => {
    const many: Thing[] = Array.from({ length: 5_000 }, (_, at) => ({
      id: `many-${at}`,
      document: JSON.stringify('y'.repeat(1_000)),
    }))
    const twin = { id: 'many-0' }
    const outcome = await db.transaction(async (tx) => {
      await tx.query('savepoint before')
      const thrown = await tx.copyIn(COPY_THINGS, piecesOf(many.toSpliced(1, 0, twin))).catch(sqlState)
      await tx.query('rollback to before')
      await tx.copyIn(COPY_THINGS, piecesOf([{ id: 'afterwards' }]))
      return thrown
    })
    expect(outcome).toBe('23505')
    expect(await db.query(`select id from thing where id like 'many-%' or id = 'afterwards'`)).toEqual([
      { id: 'afterwards' },
    ])
  })

  it('are none when there is no next piece, and the connection goes on', async () => {
    function* breaking(): Generator<Uint8Array> {
      yield rowsOf([{ id: 'broken' }]).subarray(0, 40)
      throw new Error('no more')
    }
    await db.transaction(async (tx) => {
      await tx.query('savepoint before')
      await expect(tx.copyIn(COPY_THINGS, breaking())).rejects.toThrow('no more')
      await tx.query('rollback to before')
    })
    expect(await db.query(`select id from thing where id = 'broken'`)).toEqual([])
  })

  it('are none after an abort', async () => {
    const stopping = new AbortController()
    const holder = db.transaction(async (tx) => {
      await tx.query(`insert into thing (id, tags) values ('held', '{}')`)
      const copying = copyThings([{ id: 'held' }, { id: 'behind' }], stopping.signal)
      await untilSomebodyWaits(db)
      stopping.abort()
      await expect(copying).rejects.toThrow('canceled')
    })
    await holder
    expect(await db.query(`select id from thing where id = 'behind'`)).toEqual([])
  })
})

describe('rows that are copied out', () => {
  const bytesOf = (times: number) => Buffer.alloc(times * 3, Buffer.from([0x0a, 0x5c, 0xff]))

  it('come one by one, as long as they are', async () => {
    const rows: unknown[] = []
    await db.copyOut(
      `copy (select at, case when at <> 1 then decode(repeat('0a5cff', at * 40000), 'hex') end
               from generate_series(0, 3) at order by at) to stdout with (format binary)`,
      (at, bytes) => rows.push([at?.readInt32BE(0), bytes && Buffer.from(bytes)]),
    )
    expect(rows).toEqual([
      [0, bytesOf(0)],
      [1, undefined],
      [2, bytesOf(80_000)],
      [3, bytesOf(120_000)],
    ])
  })

  it('may be none, and be chosen by any text', async () => {
    const texts: unknown[] = []
    const take = (text?: Buffer) => texts.push(text?.toString())
    await db.copyOut('copy (select 1 where false) to stdout with (format binary)', take)
    expect(texts).toEqual([])
    const list = NASTY.map(literal).join()
    await db.copyOut(`copy (select unnest(array[${list}]::text[])) to stdout with (format binary)`, take)
    expect(texts).toEqual(NASTY)
  })

  it('are let go by when one cannot be taken or made, and the connection goes on', async () => {
    let taken = 0
    const refuse = () => {
      taken++
      throw new Error('not this one')
    }
    await db.transaction(async (tx) => {
      const many = `copy (select repeat('x', 100000) from generate_series(1, 20)) to stdout with (format binary)`
      await expect(tx.copyOut(many, refuse)).rejects.toThrow('not this one')
      expect(taken).toBe(1)
      await tx.query('savepoint before')
      const broken = `copy (select 1 / (2 - at) from generate_series(1, 3) at) to stdout with (format binary)`
      expect(await tx.copyOut(broken, () => {}).catch(sqlState)).toBe('22012')
      await tx.query('rollback to before')
      expect(await tx.query('select 1 as one')).toEqual([{ one: 1 }])
    })
  })
})

it('fields are read back from the bytes of a row', () => {
  const row = new RowWriter()
  row.text('a')
  row.null()
  row.text('')
  const fields = [...readFields(row.written, 3)].map((field) => field?.toString())
  expect(fields).toEqual(['a', undefined, ''])
})

it('a text that was written comes back as the same text', () => {
  const row = new RowWriter()
  expect(NASTY.map((text) => row.text(text))).toEqual(NASTY)
  expect(row.textArray(NASTY)).toEqual(NASTY)
})
