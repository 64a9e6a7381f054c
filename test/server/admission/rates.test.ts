import { expect, test } from 'vitest'
import { createRates } from '../../../src/server/admission/rates.ts'

function given(perSecond: number) {
  const clock = { ms: 1_000_000 }
  const rates = createRates({ perSecond, nowMs: () => clock.ms })
  /** How many of so many are in time. */
  const inTime = (count: number, domainId = 'a') =>
    Array.from({ length: count }, () => rates.take(domainId)).filter((earlyMs) => earlyMs === 0).length
  return { clock, rates, inTime }
}

test('ten seconds of requests may come at once, and then as many as a second allows', () => {
  const { clock, inTime } = given(20)
  expect(inTime(1_000)).toBe(200)
  clock.ms += 1_000
  expect(inTime(1_000)).toBe(20)
  clock.ms += 60_000
  expect(inTime(1_000)).toBe(200)
})

test('a refusal says when the next one is in time, and costs nothing', () => {
  const { clock, rates, inTime } = given(4)
  inTime(40)
  expect(rates.take('a')).toBeCloseTo(250)
  expect(rates.take('a')).toBeCloseTo(250)
  clock.ms += 249
  expect(rates.take('a')).toBeCloseTo(1)
  clock.ms += 1
  expect(rates.take('a')).toBe(0)
})

test('each domain counts alone, however many there are', () => {
  const { clock, inTime } = given(1)
  for (let domain = 0; domain < 5_000; domain++) {
    expect(inTime(11, `d${domain}`)).toBe(10)
    clock.ms += 10
  }
})

test('without a limit all are in time', () => {
  expect(given(0).inTime(10_000)).toBe(10_000)
})
