import { expect, test } from 'vitest'
import { NO_FAILURE, nextFailure } from '../../src/plugins/restart-policy.ts'

const settings = { backoffMs: 1_000, maxBackoffMs: 60_000, stableAfterMs: 60_000 }

function waits(mishaps: Parameters<typeof nextFailure>[1][]): number[] {
  let record = NO_FAILURE
  return mishaps.map((mishap) => {
    record = nextFailure(record, mishap, 0, settings)
    return record.retryAtMs
  })
}

const start = { kind: 'start' } as const
const death = (livedMs: number) => ({ kind: 'death', livedMs }) as const

test('failed starts wait twice as long each time, up to a minute', () => {
  expect(waits(Array(8).fill(start))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('a first death restarts at once, one that keeps dying waits', () => {
  expect(waits([death(10), death(10), death(10)])).toEqual([0, 1_000, 2_000])
})

test('a death after a long life is forgiven', () => {
  expect(waits([start, start, death(60_000), death(10)])).toEqual([1_000, 2_000, 0, 1_000])
})

test('a failed start after deaths goes on where they were', () => {
  expect(waits([death(10), death(10), start])).toEqual([0, 1_000, 4_000])
})
