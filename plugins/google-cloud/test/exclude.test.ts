import { matcherOf } from '@gleaner/sdk'
import { expect, test } from 'vitest'

test.each([
  ['*.k8s.io/*', 'apps.k8s.io/Deployment', true],
  ['*.K8S.io/*', 'apps.k8s.io/Deployment', false],
  ['compute.googleapis.com/Disk', 'compute.googleapis.com/DiskType', false],
  ['ab*bc', 'abc', false],
])('of %j and %s it is %s that they match', (pattern, name, expected) => {
  expect(matcherOf([pattern])(name)).toBe(expected)
})

// As a regular expression this would not be answered before the sun goes out.
test('no pattern takes for ever', () => {
  expect(matcherOf([`${'*a'.repeat(60)}!`])('a'.repeat(120))).toBe(false)
})
