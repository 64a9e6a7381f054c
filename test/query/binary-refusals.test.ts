import { create } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { InvalidParameter } from '../../src/core/errors.ts'
import { FilterSchema, type Query, QuerySchema } from '../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { refusalOf } from './sample.ts'

// The JSON reader refuses these itself; over gRPC they arrive.
describe('INVALID_ARGUMENT names the place, of binary messages, for', () => {
  const filterBy = (kind: object): Query =>
    create(QuerySchema, {
      filter: [
        create(FilterSchema, {
          keyAlias: { case: 'key', value: 'ratio' },
          operatorAlias: { case: 'o', value: 'eq' },
          valueAlias: { case: 'v', value: { kind } as never },
        }),
      ],
    })

  test.each([
    ['NaN', { case: 'numberValue', value: Number.NaN }],
    ['an infinity', { case: 'numberValue', value: Number.NEGATIVE_INFINITY }],
    ['an empty value', { case: undefined }],
    ['half of a surrogate pair', { case: 'stringValue', value: 'a\ud800b' }],
  ])('%s', (_, kind) => {
    expect(refusalOf(filterBy(kind))).toMatchObject({ kind: 'invalid', key: 'query.filter[0].v' })
  })

  test('a value nested beyond 100 levels', () => {
    let kind: object = { case: 'nullValue', value: 0 }
    for (let level = 0; level < 150; level++) kind = { case: 'listValue', value: { values: [{ kind }] } }
    expect(refusalOf(filterBy(kind)).message).toMatch(/100 levels/)
  })

  test.each([
    ['path', { keyAlias: { case: 'key', value: 'data.\udc00' } }],
    ['operator', { operatorAlias: { case: 'operator', value: '\ud800' } }],
  ])('half of a surrogate pair in the %s', (_, part) => {
    const filter = {
      keyAlias: { case: 'key', value: 'name' },
      operatorAlias: { case: 'operator', value: 'eq' },
    }
    const query = create(QuerySchema, { filter: [create(FilterSchema, { ...filter, ...part } as never)] })
    expect(refusalOf(query)).toBeInstanceOf(InvalidParameter)
  })
})
