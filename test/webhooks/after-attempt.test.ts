import { expect, test } from 'vitest'
import { afterFailure } from '../../src/webhooks/after-attempt.ts'

test('rests grow to a quarter of an hour, and three days are the end', () => {
  const now = new Date('2026-01-10T00:00:00.000Z')
  const delays = [0, 1, 2, 7, 8, 500].map((failures) =>
    afterFailure({ failures, failingSince: now }, 'x', now),
  )
  expect(delays.map((verdict) => (verdict.kind === 'retry' ? verdict.delayMs : 0))).toEqual([
    5_000, 10_000, 20_000, 640_000, 900_000, 900_000,
  ])
  const failingSince = new Date('2026-01-07T00:00:00.000Z')
  expect(afterFailure({ failures: 300, failingSince }, 'x', now).kind).toBe('disable')
})
