import { afterAll, expect, test } from 'vitest'
import { listCoverage, retire } from '../../src/coverage/index.ts'
import { givenGroup, givenSecret } from '../secrets/support.ts'
import { openCoverage, thing } from './support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, idsIn } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

const ANY = { provider: '', cloudServiceGroup: '', cloudServiceType: '', account: '', regionCode: '' }

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

async function states({ domainId, collectorId }: { domainId: string; collectorId: string }) {
  const query = { domainId, collectorId, secretId: '', name: ANY, state: '', start: 0, limit: 0 }
  const { results = [] } = await listCoverage(context(), query)
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

test('what a deselected secret saw goes when it is retired with delete', async () => {
  const given = await givenTwoSecrets()
  await given.select('secret_id', given.one)

  const { domainId, collectorId, two } = given
  const deleted = await retire(context(), {
    domainId,
    collectorId,
    secretId: two,
    account: '',
    claims: 'delete',
  })

  expect(deleted).toBe(1)
  expect(await idsIn(domainId)).toEqual(['thing-one'])
  expect(await idsIn(domainId, 'DELETED')).toEqual(['thing-two'])
})
