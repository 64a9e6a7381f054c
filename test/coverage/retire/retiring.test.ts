import { afterAll, describe, expect, test } from 'vitest'
import { deleteCollector } from '../../../src/collectors/index.ts'
import { listHolds, retire } from '../../../src/coverage/index.ts'
import { givenGroup, givenSecret } from '../../secrets/support.ts'
import { isAnybodyWaiting } from '../../support/lock-waits.ts'
import { pausing } from '../../support/pausing.ts'
import { ANY, ledgerOf } from '../ledger-of.ts'
import { openCoverage, thing, things } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idsIn } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

/** A collector that has been run with two secrets, each of which sees something of its own. */
async function givenTwoSecrets() {
  const { domainId, collectorId } = await givenCloud([], {
    async *collect({ secretData }) {
      yield [thing({ id: String(secretData.reveal().token) })]
    },
  })
  const one = await givenSecret(coverage, { domainId, provider: 'acme', data: { token: 'thing-one' } })
  const two = await givenSecret(coverage, { domainId, provider: 'acme', data: { token: 'thing-two' } })
  async function select(column: 'secret_provider' | 'secret_group_id' | 'secret_id', value: string) {
    const selected = { secret_provider: '', secret_group_id: '', secret_id: '', [column]: value }
    await db.query(
      `update collector set secret_provider = $3, secret_group_id = $4, secret_id = $5
        where domain_id = $1 and collector_id = $2`,
      [domainId, collectorId, selected.secret_provider, selected.secret_group_id, selected.secret_id],
    )
  }
  await select('secret_provider', 'acme')
  await run({ domainId, collectorId })
  return { domainId, collectorId, one: one.secretId, two: two.secretId, select }
}

async function ledger(domainId: string, collectorId: string) {
  return await ledgerOf(context(), domainId, { collectorId })
}

async function states({ domainId, collectorId }: { domainId: string; collectorId: string }) {
  const { results = [] } = await ledger(domainId, collectorId)
  return Object.fromEntries(results.map(({ secretId = '', state, reason }) => [secretId, [state, reason]]))
}

const COMPLETE = ['complete', '']
const NOBODY = ['unknown', 'its collector uses this secret no longer, so nobody looks any more']

test.each(['secret_id', 'secret_group_id'] as const)(
  'what a secret saw that %s selects no longer stays, and the ledger says that nobody looks any more',
  async (column) => {
    const given = await givenTwoSecrets()
    const { domainId, one, two, select } = given
    expect(await states(given)).toEqual({ [one]: COMPLETE, [two]: COMPLETE })

    await select(column, column === 'secret_id' ? one : await givenGroup(db, domainId, [one]))
    for (let times = 0; times < 4; times++) await run(given)

    expect(await states(given)).toEqual({ [one]: COMPLETE, [two]: NOBODY })
    expect(await idsIn(domainId)).toEqual(['thing-one', 'thing-two'])
  },
)

test('that a run was asked for one secret alone is no filter: what is gone there is found', async () => {
  let isGone = false
  const { domainId, collectorId } = await givenCloud([], {
    async *collect({ secretData }) {
      const { token } = secretData.reveal()
      yield [thing({ id: `${token}-1` }), ...(isGone ? [] : [thing({ id: `${token}-2` })])]
    },
  })
  const secrets = []
  for (const token of ['one', 'two'])
    secrets.push(await givenSecret(coverage, { domainId, provider: 'acme', data: { token } }))
  await db.query(`update collector set secret_provider = 'acme' where collector_id = $1`, [collectorId])
  await run({ domainId, collectorId })
  isGone = true
  for (let at = 0; at < 3; at++)
    await run({ domainId, collectorId }, { secretId: secrets[0]?.secretId ?? '' })
  expect(await idsIn(domainId)).toEqual(['one-1', 'two-1', 'two-2'])
})

test('what is retired with keep stays, the ledger says so, and a run takes it back', async () => {
  const { cloud: _, ...collector } = await givenCloud([thing({ id: 'a' })])
  await run(collector)
  expect(
    await retire(context(), { ...collector, secretId: '', name: ANY, presence: '', claims: 'keep' }),
  ).toBe(0)
  const retired = ['unknown', 'it was retired, so nobody looks any more']
  expect([await states(collector), await idsIn(collector.domainId)]).toEqual([{ '': retired }, ['a']])
  await run(collector)
  expect(await states(collector)).toEqual({ '': COMPLETE })
})

test('what a deselected secret saw goes when it is retired with delete', async () => {
  const given = await givenTwoSecrets()
  await given.select('secret_id', given.one)

  const { domainId, collectorId, two } = given
  const deleted = await retire(context(), {
    domainId,
    collectorId,
    secretId: two,
    name: ANY,
    presence: '',
    claims: 'delete',
  })

  expect(deleted).toBe(1)
  expect(await idsIn(domainId)).toEqual(['thing-one'])
  expect(await idsIn(domainId, 'DELETED')).toEqual(['thing-two'])
})

describe('retiring', () => {
  test('a collector deletes what nobody else reports', async () => {
    const one = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    const two = await givenCloud([thing({ id: 'b' })])
    await coverage.moveTo(two.collectorId, two.domainId, one.domainId)
    await run(one)
    await run({ ...two, domainId: one.domainId })

    const retired = {
      domainId: one.domainId,
      collectorId: one.collectorId,
      secretId: '',
      name: ANY,
      presence: '',
    }
    expect(await retire(context(), { ...retired, claims: 'delete' })).toBe(1)

    expect(await idsIn(one.domainId)).toEqual(['b'])
    await expect(retire(context(), { ...retired, claims: 'maybe' })).rejects.toThrow('keep, delete')
  })

  test('takes what it ends out of the holds, and releases a hold that keeps nothing any more', async () => {
    const kept = [thing({ id: 'a' }), thing({ id: 'b', account: 'acc-2' })]
    const { cloud, ...collector } = await givenCloud([...kept, thing({ id: 'c', region: 'us-1' })])
    const { domainId, collectorId } = collector
    await run(collector)
    cloud.sends = kept.slice(0, 1)
    await runTimes(3, collector)
    const holds = async (state: string) =>
      (await listHolds(context(), { domainId, collectorId, state })).results?.map(({ examples }) => examples)
    expect(await holds('open')).toHaveLength(2)

    const retired = { domainId, collectorId, secretId: '', presence: '', claims: 'delete' }
    await retire(context(), { ...retired, name: { ...ANY, account: 'acc-2' } })
    expect(await holds('open')).toEqual([['c']])
    await retire(context(), { ...retired, name: ANY })
    const { results: released } = await listHolds(context(), { domainId, collectorId, state: 'released' })
    expect(await holds('open')).toEqual([])
    expect(released?.map(({ endedBy }) => endedBy)).toEqual(['anonymous', 'anonymous'])
  })

  test('takes nothing out of a hold that a run widens at the same moment', async () => {
    const buckets = things(14)
    const disks = things(11, { type: 'Disk' })
    const other = thing({ id: 'other', account: 'acc-2' })
    const { cloud, ...collector } = await givenCloud([...buckets, ...disks, other])
    await run(collector)
    cloud.sends = [...disks, other]
    await run(collector)
    // One disk more is missing from here on, so that it is due one run after the buckets.
    cloud.sends = [...disks.slice(1), other]
    await runTimes(2, collector)
    const holds = async () => (await listHolds(context(), { ...collector, state: 'open' })).results
    expect(await holds()).toMatchObject([{ scope: 'task', count: 14 }])

    let widening: Promise<unknown> | undefined
    let isWidened = false
    async function widen(): Promise<void> {
      widening ??= run(collector).finally(() => {
        isWidened = true
      })
      while (!isWidened && !(await isAnybodyWaiting(db))) await new Promise((ready) => setTimeout(ready, 10))
    }
    const name = { ...ANY, account: 'acc-2' }
    const retired = { ...collector, secretId: '', name, presence: '', claims: 'delete' }
    await retire({ ...context(), db: pausing(db, 'list_open_holds', widen) }, retired)
    await widening

    expect(await holds()).toMatchObject([{ scope: 'task', count: 15 }])
  })

  test('a deleted collector keeps its resources, unknown from now on, and its word counts last', async () => {
    const strong = await givenCloud([thing({ id: 'a', data: { v: 'strong' } }), thing({ id: 'b' })])
    const weak = await givenCloud([thing({ id: 'a', data: { v: 'weak' } })])
    const { domainId } = strong
    await coverage.moveTo(weak.collectorId, weak.domainId, domainId)
    await run(strong)
    await run({ ...weak, domainId })

    await deleteCollector(context(), strong)

    const rows = await db.query(
      `select resource_id, data from cloud_service where domain_id = $1 and state = 'ACTIVE' order by resource_id`,
      [domainId],
    )
    expect(rows).toEqual([
      { resourceId: 'a', data: { v: 'weak' } },
      { resourceId: 'b', data: {} },
    ])
    const gone = await ledger(domainId, strong.collectorId)
    expect(gone.results).toMatchObject([{ collectorName: '', state: 'unknown', count: 2 }])
    expect(gone.results?.[0]?.reason).toContain('was deleted')
    expect(await ledger(domainId, weak.collectorId)).toMatchObject({ complete: true })
  })
})
