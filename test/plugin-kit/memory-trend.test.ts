import { expect, test } from 'vitest'
import { trendOf } from '../../src/plugin-kit/memory-trend.ts'

const samplesOf = (mib: readonly number[]) =>
  mib.map((each, index) => ({ messages: index * 1_000, mib: each }))

test('a leak is told by its slope, also between collections of garbage', () => {
  const sawtooth = Array.from({ length: 30 }, (_, index) => 100 + 3 * index + (index % 5) * 2)
  const { growth, slope, steadiness } = trendOf(samplesOf(sawtooth))
  expect(slope).toBeCloseTo(3, 0)
  expect(growth).toBeGreaterThan(50)
  expect(steadiness).toBeGreaterThan(0.9)
})

test('a heap that finds its size and then swings grows by nothing', () => {
  const settling = [60, 90, 120, 130, 140, 141, ...Array.from({ length: 12 }, (_, i) => 140 + (i % 4) * 10)]
  const { growth, steadiness } = trendOf(samplesOf(settling))
  expect(Math.abs(growth)).toBeLessThan(32)
  expect(steadiness).toBeLessThan(0.8)
})

test('one step up is no leak, and memory that was given back grows by less than nothing', () => {
  const step = [...Array(10).fill(100), ...Array(20).fill(180)]
  expect(trendOf(samplesOf(step))).toMatchObject({ growth: 0, steadiness: 0 })
  expect(trendOf(samplesOf([200, 200, 190, 180, 150, 120])).slope).toBeLessThan(0)
})

test('nothing is said of a single look', () => {
  expect(trendOf(samplesOf([100]))).toEqual({ slope: 0, growth: 0, steadiness: 0 })
})
