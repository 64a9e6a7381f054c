import { matcherOf } from '@gleaner/sdk'
import { expect, test } from 'vitest'

test.each([
  ['AWS::EC2::*', 'AWS::EC2::Instance', true],
  ['AWS::EC2::*', 'AWS::EC2::', true],
  ['AWS::EC2::*', 'AWS::ECS::Cluster', false],
  ['*::Cluster', 'AWS::ECS::Cluster', true],
  ['*::Cluster', 'AWS::ECS::ClusterGroup', false],
  ['AWS::*::C*r', 'AWS::ECS::Cluster', true],
  ['A*A', 'A', false],
  ['ab*bc', 'abc', false],
  ['*', '', true],
  ['**', 'AWS::S3::Bucket', true],
  ['AWS::S3::Bucket', 'AWS::S3::Bucket', true],
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', false],
  ['AWS.*', 'AWS::S3::Bucket', false],
  ['[A-Z]*', 'AWS::S3::Bucket', false],
  ['', 'AWS::S3::Bucket', false],
])('of %j and %s it is %s that they match', (pattern, name, expected) => {
  expect(matcherOf([pattern])(name)).toBe(expected)
})

test('one of several patterns is enough, and of none nothing is chosen', () => {
  expect(matcherOf(['x', 'AWS::*'])('AWS::S3::Bucket')).toBe(true)
  expect(matcherOf([])('AWS::S3::Bucket')).toBe(false)
})

// As a regular expression this would not be answered before the sun goes out.
test('no pattern takes for ever', () => {
  const slow = `${'*:'.repeat(4)}${'*'.repeat(40)}!`
  expect(matcherOf([slow, `${'*a'.repeat(60)}!`])(`AWS::${'a'.repeat(60)}::${':'.repeat(20)}`)).toBe(false)
})
