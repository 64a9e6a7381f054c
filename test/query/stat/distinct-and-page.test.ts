import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { group, useRecords } from './records.ts'

const ask = useRecords()

describe('distinct', () => {
  test.each<readonly [path: string, values: JsonValue]>([
    ['name', ['x', 'y']],
    ['size', [1, 3]],
    ['addresses', ['10.0.0.1', '10.0.0.2']],
    ['seen_at', ['2026-01-02T03:04:05.678Z', '2026-02-02T00:00:00.000Z']],
    ['is_open', [false, true]],
    ['data.n', ['2', 2]],
    ['data.list', ['single', 1, [2]]],
    ['data.disks.gb', [1, 2.5]],
    ['data.disks.0.gb', [1]],
    ['data.none', []],
    ['tags.team.name', ['ops']],
    ['by_provider.*.team', ['late', 'ops', 'web']],
    ['by_provider.*.a.b', ['x']],
    ['by_provider.*.none', []],
    ['by_provider.aa.team', ['web']],
    ['notes.stars', [1, 3, 5]],
    ['reference.external_id', ['', 'e1']],
  ])('%s', async (distinct, results) => {
    expect(await ask({ distinct })).toEqual({ results })
  })

  test('aggregate wins over it', async () => {
    const query = { distinct: 'name', aggregate: [{ count: { name: 'n' } }] }
    expect(await ask(query)).toEqual({ results: [{ n: 3 }] })
  })
})

describe('a page', () => {
  const aggregate = [group([['sample_id', 'id']])]
  test.each<readonly [page: JsonObject, ids: readonly string[], total: number | undefined]>([
    [{ limit: 2 }, ['a', 'b'], 3],
    [{ start: 2, limit: 1 }, ['b'], 3],
    [{ start: 0, limit: 1 }, ['a'], 3],
    [{ start: 9, limit: 1 }, [], 3],
    [{ start: 3 }, ['a', 'b', 'c'], undefined],
    [{ start: 4_294_967_295, limit: 4_294_967_295 }, [], 3],
  ])('%j', async (page, ids, total) => {
    const answer = await ask({ aggregate, page })
    const results = ids.map((id) => ({ id }))
    expect(answer).toEqual(total === undefined ? { results } : { results, total_count: total })
  })

  test('of distinct values', async () => {
    const query = { distinct: 'size', page: { start: 2, limit: 5 } }
    expect(await ask(query)).toEqual({ results: [3], total_count: 2 })
  })

  test('of no rows counts 0', async () => {
    const answer = await ask({ aggregate, page: { limit: 1 }, filter: [{ k: 'name', o: 'eq', v: 'none' }] })
    expect(answer).toEqual({ results: [], total_count: 0 })
  })
})
