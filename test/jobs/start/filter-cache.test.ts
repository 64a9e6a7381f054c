import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { listCoverage } from '../../../src/coverage/index.ts'
import { bucket, message } from '../../inventory/write/support.ts'
import { sends } from '../scripted-plugins.ts'
import { openWorkshop, runToEnd } from '../support.ts'

const workshop = await openWorkshop()
const { db, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

const cache = (filter: JsonObject) => message('inventory.FilterCache', [], filter)

/**
 * A collector whose plugin tells what it is called with, and sends in each run what the test has put there.
 */
async function givenRemembering(...first: readonly Uint8Array[]) {
  const filters: JsonObject[] = []
  const cloud = { sends: first }
  const collector = await givenCollector({
    init: () => ({ filter_format: [{ key: 'team' }, { key: 'regions' }] }),
    collect({ filter }) {
      filters.push(filter)
      return sends(...cloud.sends)
    },
  })
  await givenWorker({ lookEveryMs: 50 })
  const run = async (options: Parameters<typeof startJob>[1] = {}) =>
    await runToEnd(db, await startJob(collector, options))
  return { ...collector, cloud, filters, run }
}

async function countReceipts(domainId: string): Promise<number> {
  return (await db.query('select from receipt where domain_id = $1', [domainId])).length
}

test('what the plugin asked for is given to it where use_cache is, the key of the caller first', async () => {
  const { run, filters } = await givenRemembering(
    bucket({ id: 'a' }),
    cache({ regions: ['eu-1'] }),
    cache({ team: 'ops' }),
  )

  const { job } = await run()
  await run()
  await run({ useCache: true })
  await run({ useCache: true, filter: { team: 'web' } })

  expect(filters).toEqual([{}, {}, { regions: ['eu-1'], team: 'ops' }, { regions: ['eu-1'], team: 'web' }])
  expect(job).toMatchObject({ status: 'SUCCESS' })
})

test('a run under a remembered filter earns no receipt, and the ledger goes on telling of the last whole one', async () => {
  const { run, cloud, domainId } = await givenRemembering(bucket({ id: 'a' }), cache({ regions: ['eu-1'] }))
  const whole = await run()
  cloud.sends = []

  const { job } = await run({ useCache: true })

  expect(job.status).toBe('SUCCESS')
  expect(await countReceipts(domainId)).toBe(1)
  const name = { provider: '', cloudServiceGroup: '', cloudServiceType: '', account: '', regionCode: '' }
  const query = {
    domainId,
    collectorId: '',
    secretId: '',
    name,
    state: '',
    gaps: '',
    maxAge: '',
    start: 0,
    limit: 0,
  }
  expect(await listCoverage(workshop.context(), query)).toMatchObject({
    results: [{ state: 'complete', lastReceiptJobId: whole.tasks[0]?.jobId }],
  })
})

test('with nothing remembered, use_cache is a run like any other', async () => {
  const { run, filters, domainId } = await givenRemembering(bucket({ id: 'a' }))

  await run({ useCache: true })

  expect(filters).toEqual([{}])
  expect(await countReceipts(domainId)).toBe(1)
})

test('what was remembered is forgotten after 24 hours, and replaced by what a later job says', async () => {
  const { run, cloud, filters, domainId } = await givenRemembering(cache({ regions: ['eu-1'] }))
  await run()
  cloud.sends = [cache({ team: 'ops' })]
  await run()
  await run({ useCache: true })
  await db.query(
    "update filter_cache set stored_at = stored_at - interval '24 hours 1 minute' where domain_id = $1",
    [domainId],
  )

  await run({ useCache: true })

  expect(filters).toEqual([{}, {}, { team: 'ops' }, {}])
})

test('all parts of a job get the filter that was remembered when it was started', async () => {
  const filters: JsonObject[] = []
  const collector = await givenCollector({
    getTasks: () => [{ part: 1 }, { part: 2 }],
    collect({ filter }) {
      filters.push(filter)
      return sends(cache({ round: filters.length }))
    },
  })
  await givenWorker({ lookEveryMs: 50 })
  await runToEnd(db, await startJob(collector))

  await runToEnd(db, await startJob(collector, { useCache: true }))

  expect(filters).toEqual([{}, {}, { round: 2 }, { round: 2 }])
})
