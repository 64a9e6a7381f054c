import { afterAll, expect, test } from 'vitest'
import { SlotSet } from '../../../src/inventory/decode/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { givenWorld, type World } from './interleaving/model.ts'
import { runTaskOf } from './interleaving/run.ts'
import { randomFrom } from './interleaving/seed.ts'

const { db, drop } = await createTestDatabase({ maxConnections: 20 })
afterAll(drop)

/** GLEANER_SEED repeats one run; GLEANER_SEEDS says how many there are. */
const first = Number(process.env.GLEANER_SEED ?? 1)
const count = process.env.GLEANER_SEED === undefined ? Number(process.env.GLEANER_SEEDS ?? 4) : 1

test.each(Array.from({ length: count }, (_, at) => first + at))(
  'whatever dies and whoever else writes, the inventory is what was said last (GLEANER_SEED=%i)',
  async (seed) => {
    const random = randomFrom(seed)
    const world = await givenWorld(db, random)
    let updates = 0
    for (let round = 0; round < 5; round++) {
      // All contributors at the same moment; what each says does not depend on the others.
      const known = world.documents().length
      const counted = await Promise.all(world.contributors.map((voice) => runTaskOf(db, voice)))
      await expectModel(world)
      expect(counted.reduce((sum, { created }) => sum + created, 0)).toBe(world.documents().length - known)
      updates += counted.reduce((sum, { updated }) => sum + updated, 0)
      const records = await db.query('select 1 from change_record where domain_id = $1', [world.domainId])
      expect(records).toHaveLength(updates)
    }
  },
)

async function expectModel(world: World): Promise<void> {
  const { domainId, contributors } = world
  const stored = await db.query<{ resourceId: string; name: string; data: object; id: string }>(
    `select resource_id, name, data, cloud_service_id as id from cloud_service
      where domain_id = $1 and state = 'ACTIVE' order by resource_id collate "C"`,
    [domainId],
  )
  expect(stored.map(({ resourceId, name, data }) => ({ resourceId, name, data }))).toEqual(world.documents())

  const contributions = await db.query<{ contributorId: number; resourceId: string; contentHash: string }>(
    `select c.contributor_id, s.resource_id, c.content_hash
       from contribution c join cloud_service s on s.domain_id = $1 and s.cloud_service_id = c.target_id
      where c.domain_id = $1 order by c.contributor_id, s.resource_id collate "C"`,
    [domainId],
  )
  expect(contributions).toEqual(contributors.flatMap((contributor) => contributor.contributions()))

  for (const contributor of contributors) {
    const [run] = await db.query<{ seen: Buffer; seenCount: number; complete: boolean }>(
      'select * from run where domain_id = $1 and contributor_id = $2 order by task_seq desc limit 1',
      [domainId, contributor.contributorId],
    )
    const slots = await db.query<{ slot: number; resourceId: string }>(
      `select c.slot, s.resource_id from contribution c
         join cloud_service s on s.domain_id = $1 and s.cloud_service_id = c.target_id
        where c.domain_id = $1 and c.contributor_id = $2`,
      [domainId, contributor.contributorId],
    )
    const seen = SlotSet.fromBytes(run?.seen ?? Buffer.alloc(0))
    const names = slots.filter(({ slot }) => seen.has(slot)).map(({ resourceId }) => resourceId)
    expect(names.toSorted()).toEqual([...contributor.lastSeen].toSorted())
    expect(run).toMatchObject({ complete: true, seenCount: contributor.lastSeen.size })
  }
  expect(await db.query('select 1 from sighting where domain_id = $1', [domainId])).toEqual([])
  await expectHistory(world, stored)
}

/** Each record begins where the one before ended, and the last one ends at what is stored. */
async function expectHistory(
  world: World,
  stored: readonly { id: string; name: string; data: object }[],
): Promise<void> {
  const records = await db.query<{
    cloudServiceId: string
    changes: { p: string; b?: unknown; a?: unknown }[]
  }>('select cloud_service_id, changes from change_record where domain_id = $1 order by seq', [
    world.domainId,
  ])
  const now = new Map<string, unknown>()
  for (const { cloudServiceId, changes } of records) {
    expect(changes.length).toBeGreaterThan(0)
    for (const { p, b, a } of changes) {
      const key = `${cloudServiceId} ${p}`
      if (now.has(key)) expect({ key, before: b }).toEqual({ key, before: now.get(key) })
      expect(a).not.toEqual(b)
      now.set(key, a)
    }
  }
  for (const { id, name, data } of stored) {
    const actual = { name, ...Object.fromEntries(Object.entries(data).map(([k, v]) => [`data.${k}`, v])) }
    for (const [key, value] of now) {
      const [owner, path = ''] = key.split(' ')
      if (owner === id) expect({ key, value: Reflect.get(actual, path) }).toEqual({ key, value })
    }
  }
}
