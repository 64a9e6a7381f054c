import { afterAll, beforeAll, expect, test } from 'vitest'
import { GleanerError } from '../../src/core/errors.ts'
import { listEntities } from '../../src/query/index.ts'
import { createRandom } from '../simulation/random.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, findIds, givenSamples, sampleEntity, testContext, toQuery } from './sample.ts'

/** More of them: GLEANER_HOSTILE_PATTERNS=500. */
const PATTERNS = Number(process.env.GLEANER_HOSTILE_PATTERNS ?? 60)
const LIMIT_MS = 100
/** As the queries of callers: half of the connections. */
const AT_ONCE = 4

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 2 * AT_ONCE })
  await createSampleTables(database.db)
  const texts = ['a'.repeat(4_000), `${'ab'.repeat(2_000)}!`, `${'x '.repeat(1_000)}@`, '1'.repeat(3_000)]
  await givenSamples(
    database.db,
    'domain-long',
    texts.map((name, at) => ({ sample_id: `long-${at}`, name })),
  )
  await givenSamples(database.db, 'domain-other', [{ sample_id: 'x', name: 'x' }])
})

afterAll(() => database.drop())

test(`${PATTERNS} hostile patterns are answered, refused, or end at the time limit, and nobody else waits for them`, async () => {
  const patterns = hostilePatterns(PATTERNS)
  const ended = new Map<string, number>()
  const other: unknown[] = []
  const run = async () => {
    for (let pattern = patterns.pop(); pattern !== undefined; pattern = patterns.pop()) {
      const verdict = await search(pattern)
      ended.set(verdict, (ended.get(verdict) ?? 0) + 1)
      other.push(await findIds(database.db, 'domain-other', { keyword: 'x' }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))

  expect([...ended.keys()].toSorted()).toEqual(
    expect.arrayContaining(['ERROR_DB_QUERY', 'ERROR_STATEMENT_TIMEOUT', 'answered']),
  )
  expect(ended.size).toBe(3)
  expect(other).toEqual(Array.from({ length: PATTERNS }, () => ['x']))
  expect(await findIds(database.db, 'domain-long', { page: { limit: 1 } })).toHaveLength(1)
})

async function search(pattern: string): Promise<string> {
  const query = toQuery({ filter: [{ key: 'name', operator: 'regex', value: pattern }] })
  const input = { domainId: 'domain-long', query }
  try {
    await listEntities(testContext(database.db), sampleEntity, input, { timeoutMs: LIMIT_MS })
    return 'answered'
  } catch (thrown) {
    if (thrown instanceof GleanerError) return thrown.code
    throw thrown
  }
}

/**
 * Patterns that are known to make matchers slow, with repeats, groups and back-references put into each other
 * at random.
 */
function hostilePatterns(count: number): string[] {
  const below = createRandom(14)
  const pick = (texts: readonly string[]) => texts[below(texts.length)] ?? ''
  const known = [
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(a+)(a+)\\1\\2$',
    '(.*)*(.*)*(.*)*!',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x+x+)+y',
    '([a-zA-Z]+)*[0-9]',
    '^(?=(a+))\\1*b',
    'a{1,255}a{1,255}a{1,255}b',
    '(((a{1,100}){1,100}){1,100})',
    '(a?){64}a{64}',
  ]
  const atom = (depth: number): string =>
    depth === 0 || below(3) === 0
      ? pick(['a', '.', '[ab]', 'ab', '\\w', '1', '(a|b|ab)', '\\1'])
      : `(${Array.from({ length: 1 + below(3) }, () => atom(depth - 1)).join(pick(['', '|', '']))})${pick(['+', '*', '{2,40}', '?', '+?'])}`
  const made = Array.from(
    { length: Math.max(0, count - known.length) },
    () => `^(a+)${atom(4)}${pick(['$', 'b$', '\\1'])}`,
  )
  return [...known, ...made].slice(0, count)
}
