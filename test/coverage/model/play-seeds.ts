import { expect } from 'vitest'
import type { FaultName } from './faults.ts'
import { type Harness, play } from './play.ts'

/** Plays these histories on all lanes at the same time, each lane with a database of its own, and fails with the first that breaks a rule. */
export async function playSeeds(
  lanes: readonly Harness[],
  seeds: Iterable<number>,
  faults: readonly FaultName[],
): Promise<void> {
  const next = seeds[Symbol.iterator]()
  const failures: string[] = []
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = next.next(); !seed.done && failures.length === 0; seed = next.next()) {
        await play(lane, seed.value, faults).catch((thrown: Error) => failures.push(thrown.message))
      }
    }),
  )
  expect(failures).toEqual([])
}
