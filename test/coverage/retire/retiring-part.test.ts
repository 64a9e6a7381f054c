import { afterAll, describe, expect, test } from 'vitest'
import { retire } from '../../../src/coverage/index.ts'
import type { WholeDatabase } from '../../../src/storage/index.ts'
import { pluginFailure } from '../../jobs/scripted-plugins.ts'
import { givenDeclaring } from '../declaring.ts'
import { ANY, ledgerOf, statesOf } from '../ledger-of.ts'
import { errorResource, openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idsIn } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

type Ran = { readonly domainId: string; readonly collectorId: string }

const retirePart = (
  { domainId, collectorId }: Ran,
  part: { name?: object; presence?: string },
  through: WholeDatabase = db,
) =>
  retire(
    { ...context(), db: through },
    {
      domainId,
      collectorId,
      secretId: '',
      claims: 'delete',
      presence: part.presence ?? '',
      name: { ...ANY, ...part.name },
    },
  )
const states = ({ domainId }: Ran) => statesOf(context(), domainId)

async function giveOptions({ domainId, collectorId }: Ran, options: object): Promise<void> {
  await db.query('update collector set plugin_options = $3 where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
    JSON.stringify(options),
  ])
}

const EUROPE = [thing({ id: 'a' }), thing({ id: 'd', type: 'Disk' })]
const AMERICA = [thing({ id: 'b', region: 'us-1' }), thing({ id: 'c', region: 'us-1' })]

/** A collector that has seen two regions, and whose options ask for one of them now. */
async function givenDroppedRegion() {
  const { cloud, ...collector } = await givenCloud([...EUROPE, ...AMERICA])
  await run(collector)
  await giveOptions(collector, { regions: ['eu-1'] })
  cloud.sends = EUROPE
  return { cloud, collector }
}

describe('what the options ask for no longer', () => {
  test('goes alone when what is unknown is retired, and the ledger is complete again', async () => {
    const { collector } = await givenDroppedRegion()
    await runTimes(3, collector)
    expect(await states(collector)).toEqual([
      'Bucket/eu-1 complete',
      'Bucket/us-1 unknown',
      'Disk/eu-1 complete',
    ])

    expect(await retirePart(collector, { presence: 'unknown' })).toBe(2)

    expect(await idsIn(collector.domainId)).toEqual(['a', 'd'])
    const after = await ledgerOf(context(), collector.domainId)
    expect(after).toMatchObject({ complete: true, totalCount: 2 })
    await run(collector)
    expect(await states(collector)).toEqual(['Bucket/eu-1 complete', 'Disk/eu-1 complete'])
  })

  test('goes for a kind, an account and a region alone, and the collector goes on being watched', async () => {
    const { collector } = await givenDroppedRegion()
    await run(collector)
    const kind = { provider: 'acme', cloudServiceGroup: 'Store', cloudServiceType: 'Bucket' }

    expect(await retirePart(collector, { name: { ...kind, regionCode: 'eu-2' } })).toBe(0)
    expect(await retirePart(collector, { name: { ...kind, account: 'acc-2' } })).toBe(0)
    expect(await retirePart(collector, { name: { regionCode: 'eu-1' }, presence: 'unknown' })).toBe(0)
    expect(await retirePart(collector, { name: { ...kind, regionCode: 'us-1' } })).toBe(2)

    expect(await states(collector)).toEqual(['Bucket/eu-1 complete', 'Disk/eu-1 complete'])
  })

  test('cannot be told from what was not read before a run under the new options was complete', async () => {
    const { cloud, collector } = await givenDroppedRegion()
    cloud.sends = EUROPE.slice(1)
    cloud.fails = pluginFailure(false)
    await run(collector)
    const refused = retirePart(collector, { presence: 'unknown' })
    await expect(refused).rejects.toThrow('no run of the collector has listed anything completely')
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('cannot be told either when the options came back to what they were without a complete run', async () => {
    const { cloud, collector } = await givenDroppedRegion()
    cloud.fails = pluginFailure(false)
    await run(collector)
    await giveOptions(collector, {})
    await run(collector)
    await expect(retirePart(collector, { presence: 'unknown' })).rejects.toThrow('Nothing was retired')
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('is not what the complete run was denied', async () => {
    const { cloud, collector } = await givenDroppedRegion()
    cloud.sends = [...EUROPE.slice(0, 1), errorResource('AccessDenied', { cloud_service_type: 'Disk' })]
    await run(collector)
    expect(await retirePart(collector, { presence: 'unknown' })).toBe(2)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'd'])
  })

  test('is not what may have moved to a region that the complete run was denied', async () => {
    const { cloud, collector } = await givenDroppedRegion()
    const named = { cloud_service_type: 'Disk', region_code: 'us-1' }
    cloud.sends = [...EUROPE.slice(0, 1), errorResource('AccessDenied', named)]
    await run(collector)
    expect(await retirePart(collector, { presence: 'unknown' })).toBe(2)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'd'])
  })

  test.each([
    ['ends', undefined],
    ['goes on', pluginFailure(true)],
  ])('is not what a run sees that %s while it is being retired', async (_, fails) => {
    const { cloud, collector } = await givenDroppedRegion()
    await run(collector)
    cloud.sends = [...EUROPE, ...AMERICA.slice(0, 1)]
    if (fails !== undefined) cloud.fails = fails
    let seeing: Promise<unknown> | undefined
    const late: WholeDatabase = {
      ...db,
      async transaction(act, options) {
        seeing ??= run(collector)
        await seeing
        return await db.transaction(act, options)
      },
    }
    expect(await retirePart(collector, { presence: 'unknown' }, late)).toBe(1)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b', 'd'])
  })
})

test('a kind that a new version no longer reports is still unknown after another part was retired', async () => {
  const { cloud, ...collector } = await givenCloud([...EUROPE, ...AMERICA])
  await run(collector)
  await db.query(
    `update collector set plugin_version = '2.0.0', upgrade_mode = 'MANUAL' where collector_id = $1`,
    [collector.collectorId],
  )
  cloud.sends = [...EUROPE.slice(0, 1), ...AMERICA]
  await run(collector)
  const told = ['Bucket/eu-1 complete', 'Bucket/us-1 complete', 'Disk/eu-1 unknown']
  expect(await states(collector)).toEqual(told)

  await retirePart(collector, { name: { regionCode: 'us-1' } })
  expect(await states(collector)).toEqual(['Bucket/eu-1 complete', 'Disk/eu-1 unknown'])
  expect(await retirePart(collector, { presence: 'unknown' })).toBe(1)
  expect(await idsIn(collector.domainId)).toEqual(['a'])
})

test.each([
  [true, { presence: 'unknown' }],
  [false, { name: { regionCode: 'us-1' } }],
])(
  'a region that is declared no longer keeps nothing from being complete once it is retired (ids bound to it: %s)',
  async (isRegional, part) => {
    const { cloud, ...collector } = await givenDeclaring(coverage, isRegional)
    await run(collector)
    await giveOptions(collector, { regions: ['eu-1'] })
    Object.assign(cloud, { things: cloud.things.slice(0, 2), opens: ['eu-1'], completes: ['eu-1'] })
    await run(collector)
    expect(await ledgerOf(context(), collector.domainId)).toMatchObject({ complete: false })

    expect(await retirePart(collector, part)).toBe(2)

    await run(collector)
    expect(await states(collector)).toEqual(['Bucket/eu-1 complete'])
  },
)

test.each([
  [{ presence: 'missed' }, 'is not unknown'],
  [{ presence: 'unknown', claims: 'keep' }, 'kept for a secret or a collector as a whole'],
  [{ name: { ...ANY, regionCode: 'eu-1' }, claims: 'keep' }, 'kept for a secret or a collector as a whole'],
])('refuses %j', async (part, why) => {
  const { domainId, collectorId } = await givenCloud([])
  const all = { domainId, collectorId, secretId: '', claims: 'delete', presence: '', name: ANY }
  await expect(retire(context(), { ...all, ...part })).rejects.toThrow(why)
})
