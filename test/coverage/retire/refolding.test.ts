import { afterAll, expect, onTestFinished, test } from 'vitest'
import { deleteCollector } from '../../../src/collectors/index.ts'
import { refoldDeleted } from '../../../src/coverage/index.ts'
import { Housekeeper } from '../../../src/housekeeping/index.ts'
import { until } from '../../jobs/support.ts'
import { keptLog } from '../../support/kept-log.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openCoverage, thing } from '../support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

/**
 * A domain in which the collector whose word counted first was deleted by somebody who left before anything
 * was folded.
 */
async function givenUnfolded(): Promise<string> {
  const strong = await givenCloud([thing({ id: 'a', data: { v: 'strong' } })])
  const weak = await givenCloud([thing({ id: 'a', data: { v: 'weak' } })])
  const { domainId } = strong
  await coverage.moveTo(weak.collectorId, weak.domainId, domainId)
  await run(strong)
  await run({ ...weak, domainId })
  await deleteCollector({ ...context(), signal: AbortSignal.abort() }, strong)
  return domainId
}

async function wordIn(domainId: string): Promise<string | undefined> {
  const [row] = await db.query<{ v: string }>(
    `select data->>'v' as v from cloud_service where domain_id = $1`,
    [domainId],
  )
  return row?.v
}

test('a collector that is deleted by somebody who leaves does not keep the last word', async () => {
  const domainId = await givenUnfolded()
  expect(await wordIn(domainId)).toBe('strong')
  const keeper = new Housekeeper({ db, log: silentLog, now: coverage.now })
  onTestFinished(() => keeper.stop())
  keeper.start()
  await until(async () => (await wordIn(domainId)) === 'weak')
})

test('a document that cannot be folded is told of, and keeps no other domain waiting', async () => {
  const [stuck = '', other = ''] = [await givenUnfolded(), await givenUnfolded()].toSorted()
  await db.query(
    `create function refuse_fold() returns trigger language plpgsql as
       $$ begin if new.domain_id = '${stuck}' then raise exception 'no fold'; end if; return new; end $$`,
  )
  await db.query(
    'create trigger refuse_fold before update on cloud_service for each row execute function refuse_fold()',
  )
  onTestFinished(() => void db.query('drop function refuse_fold cascade'))
  const { logged, log } = keptLog()
  const { signal } = new AbortController()
  await refoldDeleted({ db, log, now: coverage.now, signal })
  expect([await wordIn(stuck), await wordIn(other)]).toEqual(['strong', 'weak'])
  expect(logged).toEqual([expect.stringContaining(stuck)])
})
