import { afterAll, expect, test } from 'vitest'
import { cancelJob } from '../../../src/jobs/index.ts'
import { openCoverage, things } from '../../coverage/support.ts'
import { isAnybodyWaiting } from '../../support/lock-waits.ts'
import { pausing } from '../../support/pausing.ts'
import { readJob } from '../support.ts'

const coverage = await openCoverage()
const { db } = coverage
afterAll(coverage.close)

test('a first run is canceled while its batch holds the slots of what is new, and what it has not committed is not stored', async () => {
  const { cloud: _, ...collector } = await coverage.givenCloud(things(2))
  const key = await coverage.startJob(collector)
  let canceling: Promise<void> | undefined
  let isCanceled = false
  async function cancel(): Promise<void> {
    canceling ??= cancelJob(coverage.context(), key).finally(() => {
      isCanceled = true
    })
    while (!isCanceled && !(await isAnybodyWaiting(db))) await new Promise((ready) => setTimeout(ready, 10))
  }

  await coverage.runNext(undefined, pausing(db, 'take_slots', cancel))
  await canceling

  expect(await readJob(db, key)).toMatchObject({ job: { status: 'CANCELED' }, task: { createdCount: 0 } })
  expect(await coverage.idsIn(collector.domainId)).toEqual([])
})
