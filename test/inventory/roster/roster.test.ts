import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { uuidToMemo } from '../../../src/inventory/decode/index.ts'
import { packRoster, Roster } from '../../../src/inventory/roster/index.ts'
import { isWorn } from '../../../src/inventory/roster/is-worn.ts'
import { cellAt, listClaims } from '../../../src/inventory/write/claims/list-claims.ts'
import type { Database } from '../../../src/storage/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import {
  bySlot,
  type Contributor,
  cellsOf,
  countPages,
  endClaims,
  givenOne,
  insertClaims,
  loadRoster,
  moveClaims,
  wear,
} from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

let acme: Contributor
beforeEach(async () => {
  acme = await givenOne(db)
})

describe('what is loaded', () => {
  test('is the memo, the kind and the cell of every claim, on however many pages', async () => {
    await insertClaims(db, acme, { count: 20_000, cell: 2 ** 53 - 1 })
    await insertClaims(db, acme, { from: 20_000, count: 2, kind: 3, cell: 0 })

    const { roster, memos } = await Roster.load(db, acme)

    const [stored] = await db.query<{ memo: string }>(
      'select memo from contribution where domain_id = $1 and slot = 12345',
      [acme.domainId],
    )
    expect(memos.count).toBe(20_002)
    expect(memos.find(uuidToMemo(stored?.memo ?? ''))).toBe(12_345)
    expect([0, 19_999, 20_000, 20_002].map((slot) => roster.kindOf(slot))).toEqual([1, 1, 3, 0])
    const claims = await roster.claims(db)
    expect(bySlot(claims)).toEqual(bySlot(await listClaims(db, acme.domainId, acme.contributorId)))
    expect(claims.slots).toHaveLength(20_000)
    expect(cellAt(claims, 7)).toBe(2 ** 53 - 1)
  })

  test('before is as good when nothing was written since, and is read anew otherwise', async () => {
    await insertClaims(db, acme, { count: 3 })
    const before = Roster.load(db, acme)
    expect(await Roster.load(db, acme, before)).toBe(await before)

    await endClaims(db, acme, [1])
    const lost = async () => Promise.reject(new Error('the connection was lost'))
    for (const loaded of [() => before, lost]) {
      const { roster, memos } = await Roster.load(db, acme, loaded())
      expect([memos.count, roster.kindOf(1)]).toEqual([2, 0])
    }
  })

  test('leaves out what has ended, and what another contributor says', async () => {
    await insertClaims(db, await givenOne(db), { count: 3 })
    await insertClaims(db, acme, { count: 3 })
    await endClaims(db, acme, [1])

    const { roster, memos } = await Roster.load(db, acme)

    expect(memos.count).toBe(2)
    expect(roster.kindOf(1)).toBe(0)
    expect(await cellsOf(roster, db)).toEqual({ 0: 1, 2: 1 })
  })

  test('is whole when somebody packs it between the list of its pages and their entries', async () => {
    await insertClaims(db, acme, { count: 3 })
    await moveClaims(db, acme, [1], 5)
    let asked = 0
    const interrupted: Database = {
      ...db,
      async copyOut(text, take) {
        if (++asked === 1) await packRoster(db, acme)
        await db.copyOut(text, take)
      },
      transaction: (run, options) => db.transaction(run, options),
    }

    const { roster, memos } = await Roster.load(interrupted, acme)

    expect(memos.count).toBe(3)
    expect(await cellsOf(roster, db)).toEqual({ 0: 1, 1: 5, 2: 1 })
  })
})

describe('what has become of the claims since', () => {
  test('is what anybody wrote', async () => {
    await insertClaims(db, acme, { count: 3 })
    const roster = await loadRoster(db, acme)

    await insertClaims(db, acme, { from: 3, count: 2, cell: 2 })
    await moveClaims(db, acme, [0], 7)
    await endClaims(db, acme, [1])

    expect(await cellsOf(roster, db)).toEqual({ 0: 7, 2: 1, 3: 2, 4: 2 })
  })

  test('is not forgotten where a run notes what it has seen', async () => {
    await insertClaims(db, acme, { count: 2, cell: 8 })
    const roster = await loadRoster(db, acme)

    roster.noteKind(1, 1)

    expect(await cellsOf(roster, db)).toEqual({ 0: 8, 1: 8 })
  })

  test('counts as soon as it is committed, in whatever order', async () => {
    await insertClaims(db, acme, { count: 3 })
    const roster = await loadRoster(db, acme)
    const [isWritten, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = db.transaction(async (tx) => {
      await endClaims(tx, acme, [0])
      isWritten.resolve()
      await mayCommit.promise
    })
    await isWritten.promise
    await moveClaims(db, acme, [1], 4)

    expect(await cellsOf(roster, db)).toEqual({ 0: 1, 1: 4, 2: 1 })
    mayCommit.resolve()
    await slow
    expect(await cellsOf(roster, db)).toEqual({ 1: 4, 2: 1 })
  })

  test('is known when it was packed meanwhile, also when nothing was left', async () => {
    await insertClaims(db, acme, { count: 3 })
    const roster = await loadRoster(db, acme)
    await endClaims(db, acme, [1])
    await packRoster(db, acme)
    await moveClaims(db, acme, [2], 9)
    expect(await cellsOf(roster, db)).toEqual({ 0: 1, 2: 9 })

    await endClaims(db, acme, [0, 2])
    await packRoster(db, acme)

    expect(await cellsOf(roster, db)).toEqual({})
    expect(await countPages(db, acme)).toEqual({ base: 0, others: 0 })
  })
})

describe('packing', () => {
  test('pays when most of it says what is no longer so', async () => {
    await insertClaims(db, acme, { count: 3 })
    const roster = await loadRoster(db, acme)
    expect(roster.isWorn).toBe(false)
    await wear(db, acme)
    await roster.claims(db)
    expect(roster.isWorn).toBe(true)

    await packRoster(db, acme)

    const packed = await loadRoster(db, acme)
    expect(packed.isWorn).toBe(false)
    expect(await countPages(db, acme)).toEqual({ base: 1, others: 0 })
    expect(await cellsOf(packed, db)).toEqual(bySlot(await listClaims(db, acme.domainId, acme.contributorId)))
  })

  test('does not pay after a first run, which wrote page after page', () => {
    const pages = Array.from({ length: 100 }, (_, seq) => ({ seq, isBase: false, bytes: 30_000 }))
    expect(isWorn(pages, 100_000)).toBe(false)
    expect(isWorn(pages, 20_000)).toBe(true)
  })

  test('takes nothing back that was written and not yet committed', async () => {
    await insertClaims(db, acme, { count: 3 })
    const [isWritten, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = db.transaction(async (tx) => {
      await moveClaims(tx, acme, [0], 6)
      isWritten.resolve()
      await mayCommit.promise
    })
    await isWritten.promise

    await packRoster(db, acme)
    mayCommit.resolve()
    await slow

    expect(await cellsOf(await loadRoster(db, acme), db)).toEqual({ 0: 6, 1: 1, 2: 1 })
  })

  test('by two at once leaves what one of them would', async () => {
    await insertClaims(db, acme, { count: 3 })
    await Promise.all([packRoster(db, acme), packRoster(db, acme), packRoster(db, acme)])
    expect(await countPages(db, acme)).toEqual({ base: 1, others: 0 })
  })
})

test('what was written by hand is in no roster', async () => {
  const [byHand] = await db.query<{ contributorId: number }>(
    `insert into contributor (domain_id, collector_id) values ($1, '') returning contributor_id`,
    [acme.domainId],
  )
  const contributor = { ...acme, contributorId: byHand?.contributorId ?? 0 }
  await insertClaims(db, contributor, { count: 2 })
  expect(await countPages(db, contributor)).toEqual({ base: 0, others: 0 })
})
