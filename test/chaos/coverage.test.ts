import { afterAll, describe, expect, test } from 'vitest'
import { FAULT_NAMES } from '../coverage/model/faults.ts'
import { openModel } from '../coverage/model/play.ts'
import { addTallies, type Tally, tallySeeds } from '../coverage/model/play-seeds.ts'
import { printFigure } from './engine/print-figure.ts'

/** Histories for each fault alone; all of them together are played by `npm test`. */
const SEEDS = Number(process.env.GLEANER_CHAOS_SEEDS ?? 1_000)
/** How many seeds to leave out before them, so that a long run can be parted. */
const SKIPPED = Number(process.env.GLEANER_CHAOS_SKIP ?? 0)

const startedAt = performance.now()
const lanes = await Promise.all(Array.from({ length: 4 }, () => openModel()))
const tallies: Tally[] = []
afterAll(async () => {
  print('all faults', addTallies(tallies), startedAt)
  await Promise.all(lanes.map(({ close }) => close()))
})

describe.each(FAULT_NAMES)('%s', (fault) => {
  test(`deletes nothing that exists, in ${SEEDS} histories`, async () => {
    const begun = performance.now()
    const seeds = Array.from({ length: SEEDS }, (_, at) => (SKIPPED + at + 1) * 7_919)
    const tally = await tallySeeds(lanes, seeds, [fault])
    tallies.push(tally)
    print(fault, tally, begun)
    expect(tally.failures.slice(0, 5)).toEqual([])
  })
})

function print(of: string, { histories, runs, deleted, broken, failures }: Tally, since: number): void {
  printFigure(`coverage: ${of}`, broken['deleted falsely'], 'false deletions', {
    histories,
    runs,
    deleted,
    'found late': broken['found late'],
    'called complete wrongly': broken['called complete wrongly'],
    'broke off': failures.length,
    seconds: Math.round((performance.now() - since) / 1_000),
  })
}
