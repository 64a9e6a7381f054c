import { expect, test } from 'vitest'
import { compareVersions, newestFirst } from '../../src/plugins/versions.ts'

test('versions are ordered by what people mean by them, newest first', () => {
  const ordered = [
    '2.0.0',
    '1.13.13.20220610.143142',
    '1.13.13',
    '1.10.0',
    '1.9.0',
    '1.0.0',
    '1.0.0-rc2',
    '1.0.0-rc1',
    '1.0.0-beta.11',
    '1.0.0-beta.2',
    '0.9',
    'latest',
    'edge',
  ]
  expect(newestFirst([...ordered].sort())).toEqual(ordered)
  expect(newestFirst([...ordered].reverse())).toEqual(ordered)
})

test('two texts for one version still have an order, so that nothing flaps', () => {
  expect(compareVersions('1.0', '1.0')).toBe(0)
  expect(compareVersions('1.0', '1-0')).toBe(-compareVersions('1-0', '1.0'))
  expect(compareVersions('1.0', '1-0')).not.toBe(0)
})
