import { expect, test } from 'vitest'
import { fillGaps } from '../../src/schedules/fill-gaps.ts'
import type { Database, Transaction } from '../../src/storage/index.ts'
import { silentLog } from '../support/silent-log.ts'

const SCHEDULES = 25

/** A database that answers at once, so that nothing else has a turn while it is asked. */
function givenSchedules(): Database {
  const rows = Array.from({ length: SCHEDULES }, (_, at) => ({
    domainId: 'd',
    scheduleId: `sched-${at}`,
    cron: '',
    intervalS: 60,
    minutes: [],
    hours: [],
    timeZone: 'UTC',
    countsFrom: new Date(0),
  }))
  const query: Transaction['query'] = async <Row extends object>(text: string) =>
    (text.includes('for update') ? rows : []).map((row) => claimRow<Row>(row))
  const never = () => Promise.reject(new Error('nothing is copied'))
  const tx: Transaction = { query, copyOut: never, copyIn: never, afterCommit: () => {} }
  return { query, copyOut: never, transaction: (run) => run(tx) }
}

function claimRow<Row extends object>(row: object): Row {
  return row as Row
}

test('whatever waits has its turn between two plans', async () => {
  let turns = 0
  let isDone = false
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await fillGaps({ db: givenSchedules(), log: silentLog })
  isDone = true
  expect(turns).toBeGreaterThanOrEqual(SCHEDULES)
})
