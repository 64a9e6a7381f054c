import { expect, test } from 'vitest'
import { createPace } from '../../src/core/pace.ts'

test('a long loop lets others have their turn', async () => {
  const pace = createPace()
  let others = 0
  const interval = setInterval(() => others++, 0)
  const end = performance.now() + 60
  while (performance.now() < end) await pace()
  clearInterval(interval)

  expect(others).toBeGreaterThan(1)
})
