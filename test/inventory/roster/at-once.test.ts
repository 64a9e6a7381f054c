import { afterAll, expect, test } from 'vitest'
import { packRoster } from '../../../src/inventory/roster/index.ts'
import { listClaims } from '../../../src/inventory/write/claims/list-claims.ts'
import { retryConflicts } from '../../../src/inventory/write/retry-conflicts.ts'
import { createTestDatabase } from '../../support/database.ts'
import { listFalseClaims } from '../../support/false-claims.ts'
import { randomFrom } from '../write/interleaving/seed.ts'
import { bySlot, endClaims, givenOne, insertClaims, loadRoster, moveClaims } from './support.ts'

// Writers take rows in any order here, and are tried again.
const { db, drop } = await createTestDatabase({ maxConnections: 12, settings: { deadlock_timeout: '20ms' } })
afterAll(drop)

/** GLEANER_SEED repeats one run; GLEANER_SEEDS says how many there are. */
const first = Number(process.env.GLEANER_SEED ?? 1)
const count = process.env.GLEANER_SEED === undefined ? Number(process.env.GLEANER_SEEDS ?? 2) : 1
const TURNS = 15
const SLOTS = 12
/** Thrown to roll back, as a fence does. */
const moved = new Error('the task has moved on')

test.each(Array.from({ length: count }, (_, at) => first + at))(
  'whoever writes, rolls back and packs at once, every reader finds in the roster what is claimed (GLEANER_SEED=%i)',
  async (seed) => {
    const seeds = randomFrom(seed)
    const contributors = [await givenOne(db), await givenOne(db)]
    for (const each of contributors) await insertClaims(db, each, { count: SLOTS })
    let nextSlot = SLOTS

    async function write(): Promise<void> {
      const random = seeds.fork()
      for (let turn = 0; turn < TURNS; turn++) {
        const fails = random.chance(0.2)
        const steps = Array.from({ length: 1 + random.below(3) }, () => ({
          of: contributors[random.below(contributors.length)] ?? contributors[0],
          what: random.below(4),
          slots: Array.from({ length: 1 + random.below(4) }, () => random.below(nextSlot)),
        }))
        const done = retryConflicts(
          db,
          async (tx) => {
            for (const { of, what, slots } of steps) {
              if (of === undefined) continue
              if (what === 0) await insertClaims(tx, of, { from: nextSlot++, cell: turn })
              else if (what === 1) await endClaims(tx, of, slots)
              else await moveClaims(tx, of, slots, turn)
            }
            if (fails) throw moved
          },
          {},
        )
        await done.catch((thrown: unknown) => {
          if (thrown !== moved) throw thrown
        })
      }
    }
    async function pack(): Promise<void> {
      for (let turn = 0; turn < TURNS; turn++) for (const each of contributors) await packRoster(db, each)
    }
    let isOver = false
    async function read(): Promise<void> {
      while (!isOver) expect(await listFalseClaims(db)).toEqual([])
    }
    const rosters = await Promise.all(contributors.map((each) => loadRoster(db, each)))
    async function follow(): Promise<void> {
      while (!isOver) for (const roster of rosters) await roster.claims(db)
    }

    const readers = [read(), follow()]
    await Promise.all([write(), write(), write(), pack(), pack()]).finally(() => {
      isOver = true
    })
    await Promise.all(readers)

    for (const [at, { domainId, contributorId }] of contributors.entries()) {
      const followed = await rosters[at]?.claims(db)
      expect(followed && bySlot(followed)).toEqual(bySlot(await listClaims(db, domainId, contributorId)))
    }
  },
)
