import { expect, test } from 'vitest'
import { Random } from '../inventory/decode/support/random.ts'
import { compareZone } from './support/compare-zone.ts'

const SEED = 20_260_101

/**
 * Changes of an hour and of half an hour, of two hours, in both hemispheres, at midnight, for a month a year,
 * and none.
 */
const CHOSEN = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kolkata',
]

const DRAWN = new Random(SEED).shuffle(Intl.supportedValuesOf('timeZone')).slice(0, 4)

// All zones over ten years are in test/chaos/zones.test.ts.
test.each([...CHOSEN, ...DRAWN])('%s: two years of due times are those of the rules, each once', (zone) => {
  const stretch = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2028, 0, 1), seed: SEED }
  const { dues, differences } = compareZone(zone, stretch)
  expect(differences).toEqual([])
  expect(dues).toBeGreaterThan(1_000)
})

test('Apia, which left out a whole day', () => {
  const stretch = { from: Date.UTC(2011, 10, 1), to: Date.UTC(2012, 1, 1), seed: SEED }
  expect(compareZone('Pacific/Apia', stretch).differences).toEqual([])
})
