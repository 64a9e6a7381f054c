import { expect, test } from 'vitest'
import { absoluteTime, duration, durationBetween, relativeTime } from '../../../src/cli/output/time.ts'

const NOW = new Date('2026-03-10T12:00:00.000Z')

test.each([
  ['2026-03-10T11:59:58.000Z', 'just now'],
  ['2026-03-10T12:00:30.000Z', 'just now'],
  ['2026-03-10T11:59:18.000Z', '42 s ago'],
  ['2026-03-10T11:55:00.000Z', '5 min ago'],
  ['2026-03-10T09:00:00.000Z', '3 h ago'],
  ['2026-03-05T12:00:00.000Z', '5 d ago'],
  ['2025-01-01T00:00:00.000Z', '2025-01-01'],
  ['2026-03-11T12:00:00.000Z', '2026-03-11T12:00:00.000Z'],
  ['', '-'],
  ['nonsense', '-'],
])('%j is %j', (timestamp, words) => {
  expect(relativeTime(timestamp, NOW)).toBe(words)
})

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [3_200, '3.2 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_720_000, '1 h 02 min'],
  [-5, '0 ms'],
])('%i milliseconds are %j', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test('what has not ended is measured until now, what has not begun not at all', () => {
  expect(durationBetween('2026-03-10T11:59:50.000Z', '', NOW)).toBe('10.0 s')
  expect(durationBetween('2026-03-10T11:59:50.000Z', '2026-03-10T11:59:51.500Z', NOW)).toBe('1.5 s')
  expect(durationBetween('', '', NOW)).toBe('-')
})

test('an instant for close reading is both exact and relative', () => {
  expect(absoluteTime('2026-03-10T11:59:18.000Z', NOW)).toBe('2026-03-10T11:59:18.000Z (42 s ago)')
  expect(absoluteTime('', NOW)).toBe('')
})
