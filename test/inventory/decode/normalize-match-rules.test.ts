import { describe, expect, test } from 'vitest'
import { type JsonObject, normalizeResource } from '../../../src/inventory/decode/index.ts'
import { expectRejected } from './support/expect-rejected.ts'
import { givenCloudService, givenCloudServiceType, givenRegion } from './support/resources.ts'

describe('match rules of a resource', () => {
  test.each<readonly [string, JsonObject | undefined, string]>([
    ['are missing', undefined, 'it has none'],
    ['are empty', {}, 'it has none'],
    ['hold an empty list', { '1': [] }, 'rule 1 is not a list'],
    ['hold text', { '1': 'name' }, 'rule 1 is not a list'],
    ['hold a number among the keys', { '1': ['name'], '2': ['name', 1] }, 'rule 2 is not a list'],
    ['hold an empty key', { '1': [''] }, 'rule 1 is not a list'],
    [
      'are too many',
      Object.fromEntries(Array.from({ length: 17 }, (_, index) => [index, ['name']])),
      'more than 16',
    ],
    [
      'name only absent fields',
      { '1': ['instance_size', 'project_id'] },
      'match rule 1 would match everything',
    ],
    ['name only fields that are not stored', { '1': ['launched_at'] }, 'match rule 1 would match everything'],
    [
      'name only empty fields in the second rule',
      { '1': ['name'], '2': ['tags.none', 'data.empty'] },
      'match rule 2 would match everything',
    ],
    [
      'name inherited properties',
      { '1': ['data.constructor', 'toString', 'data.__proto__'] },
      'match rule 1 would match everything',
    ],
  ])('that %s are refused', (_name, matchRules, why) => {
    const { matchRules: _dropped, ...info } = givenCloudService({
      data: { empty: '' },
      instance_size: null,
      launched_at: '2023-01-05T10:00:00Z',
    })
    const rejected = expectRejected(matchRules === undefined ? info : { ...info, matchRules })
    expect(rejected.code).toBe('ERROR_MATCH_RULE')
    expect(rejected.message).toContain(why)
  })

  test.each<readonly [JsonObject, readonly (readonly string[])[]]>([
    [{ '10': ['name'], '9': ['provider'] }, [['provider'], ['name']]],
    [{ '02': ['name'], '1': ['provider'] }, [['provider'], ['name']]],
    [{ b: ['name'], a: ['provider'] }, [['provider'], ['name']]],
    [{ x: ['name'], '10': ['provider'], '9': ['account'] }, [['provider'], ['account'], ['name']]],
    [{ '1': ['data.objects'] }, [['data.objects']]],
  ])('%j are tried in the order %j', (matchRules, expected) => {
    expect(normalizeResource(givenCloudService({}, { matchRules }))).toMatchObject({ matchRules: expected })
  })

  test('zero and false are values to match by', () => {
    const info = givenCloudService(
      { data: { zero: 0, no: false } },
      { matchRules: { '1': ['data.zero'], '2': ['data.no'] } },
    )
    expect(normalizeResource(info).kind).toBe('cloud_service')
  })

  test('are required of types and regions as well', () => {
    for (const info of [givenCloudServiceType(), givenRegion()]) {
      expect(expectRejected({ ...info, matchRules: {} }).code).toBe('ERROR_MATCH_RULE')
    }
  })
})
