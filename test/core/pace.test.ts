import { expect, test } from 'vitest'
import { createPace } from '../../src/core/pace.ts'

test('a long loop lets others have their turn', async () => {
  const pace = createPace()
  let others = 0
  const interval = setInterval(() => others++, 0)
  // A loop that let nobody in would not end by the time limit of the test either.
  const end = performance.now() + 10_000
  while (others < 3 && performance.now() < end) await pace()
  clearInterval(interval)

  expect(others).toBe(3)
})
