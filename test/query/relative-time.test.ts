import { expect, test } from 'vitest'
import { parseRelativeTime } from '../../src/query/relative-time.ts'

const SUNDAY = new Date('2026-03-01T12:34:56.789Z')

test.each([
  ['now', '2026-03-01T12:34:56.789Z'],
  [' now ', '2026-03-01T12:34:56.789Z'],
  ['now/d', '2026-03-01T00:00:00.000Z'],
  ['now/w', '2026-02-23T00:00:00.000Z'],
  ['now/m', '2026-03-01T00:00:00.000Z'],
  ['now/d - 7d', '2026-02-22T00:00:00.000Z'],
  ['now/d-7d', '2026-02-22T00:00:00.000Z'],
  ['now / d - 7 d', '2026-02-22T00:00:00.000Z'],
  ['now/m - 1s', '2026-02-28T23:59:59.000Z'],
  ['now + 90m', '2026-03-01T14:04:56.789Z'],
  ['now + 2h', '2026-03-01T14:34:56.789Z'],
  ['now/w + 1w', '2026-03-02T00:00:00.000Z'],
  ['now - 0s', '2026-03-01T12:34:56.789Z'],
])('%j is %s', (text, instant) => {
  expect(parseRelativeTime(text, SUNDAY)?.toISOString()).toBe(instant)
})

test('a week starts on Monday, on a Monday too', () => {
  expect(parseRelativeTime('now/w', new Date('2026-02-23T00:00:00Z'))?.toISOString()).toBe(
    '2026-02-23T00:00:00.000Z',
  )
})

test.each([
  '',
  'Now',
  'now/y',
  'now/h',
  'now-1',
  'now 1d',
  'now - 1.5d',
  'now - 1M',
  'now - 1d - 1d',
  'now - -1d',
  'today',
  'now - 999999999999w',
  'now + 4000000d',
  '2026-01-01',
  'now/d/w',
])('%j is no time', (text) => {
  expect(parseRelativeTime(text, SUNDAY)).toBeUndefined()
})
