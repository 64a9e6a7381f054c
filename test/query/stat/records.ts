import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createSampleTables, givenSamples } from '../sample.ts'
import { askStat } from './ask.ts'

const DOMAIN = 'domain-stages'

/** A pipeline and the rows it leaves of the three records of this file. */
export type Case = readonly [what: string, stages: readonly JsonObject[], rows: JsonValue]

/** Three records for tables of cases; the database lives as long as the test file. */
export function useRecords(): (query: JsonObject) => Promise<JsonObject> {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    await createSampleTables(database.db)
    await givenSamples(database.db, DOMAIN, [
      {
        sample_id: 'a',
        name: 'x',
        owner: 'ann',
        size: 3,
        ratio: 0.5,
        is_open: true,
        seen_at: '2026-01-02T03:04:05.678912Z',
        addresses: ['10.0.0.2', '10.0.0.1'],
        external_id: 'e1',
        data: {
          os: { name: 'linux' },
          n: 2,
          disks: [{ gb: 1, parts: [{ at: '/' }, { at: '/home' }] }, { gb: 2.5 }],
          list: [1, null, [2]],
        },
        tags: { 'team.name': 'ops' },
        by_provider: { aws: { team: null, 'a.b': 'x' }, azure: { team: 'ops' } },
      },
      {
        sample_id: 'b',
        name: 'y',
        owner: 'ann',
        size: 1,
        is_open: false,
        seen_at: '2026-02-02T00:00:00Z',
        data: { os: { name: 'linux', arch: 'arm' }, n: '2', disks: [] },
        by_provider: { aa: { team: 'web' }, b: { team: 'late' } },
      },
      { sample_id: 'c', name: 'x', owner: 'bob', data: { os: 'none', disks: 'one', list: 'single' } },
    ])
    await database.db.query(
      `insert into sample_note values ($1, 'a', 'zoe', 1), ($1, 'a', 'ann', 5), ($1, 'b', 'ann', 3)`,
      [DOMAIN],
    )
    await givenSamples(database.db, 'domain-other', [{ sample_id: 'z', name: 'x', size: 100 }])
  })
  afterAll(() => database.drop())
  return (query) => askStat(database.db, DOMAIN, query)
}

/** Runs each case. */
export function table(ask: ReturnType<typeof useRecords>, cases: readonly Case[]): void {
  test.each(cases)('%s', async (_, stages, rows) => {
    expect(await ask({ aggregate: [...stages] })).toEqual({ results: rows })
  })
}

/** A group stage with keys `[path, name]`. */
export const group = (
  keys: readonly (readonly [string, string])[],
  ...fields: readonly JsonObject[]
): JsonObject => ({
  group: { keys: keys.map(([k, n]) => ({ k, n })), fields: [...fields] },
})
/** A field of a group: name, operator, key. */
export const field = (n: string, o: string, k?: string, more: JsonObject = {}): JsonObject => ({
  n,
  o,
  ...(k === undefined ? {} : { k }),
  ...more,
})
/** A project stage. */
export const project = (...fields: readonly JsonObject[]): JsonObject => ({
  project: { fields: [...fields] },
})
/** A value under another name. */
export const copy = (k: string, n: string): JsonObject => ({ k, n })
