import { expect, test } from 'vitest'
import { compareZone, type Difference } from '../schedules/support/compare-zone.ts'

const SEED = 20_260_101

test('all zones over ten years: every due time of the rules once, and no other', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const differences: Difference[] = []
  let dues = 0
  for (const [at, zone] of zones.entries()) {
    const stretch = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2034, 0, 1), seed: SEED + at }
    const compared = compareZone(zone, stretch)
    dues += compared.dues
    differences.push(...compared.differences)
  }
  console.log(
    JSON.stringify({ name: 'schedule.zones.due_times', value: dues, unit: 'due times', zones: zones.length }),
  )
  expect(differences).toEqual([])
  expect(zones.length).toBeGreaterThan(400)
})
