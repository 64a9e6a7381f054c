import { expect, test } from 'vitest'
import type { Kind } from '../../src/kind.ts'
import { KINDS, SERVICES } from '../../src/services/index.ts'
import type { ValueFor } from './sample.ts'
import { createSampleApi } from './sample-api.ts'

/** How AWS calls uses, measures and progress. */
const CHANGES_BY_ITSELF = new RegExp(
  [
    '^(last|latest)(Used|Access|Launch|Seen|Activ|Ping|Invo|Heartbeat|Scan|Restorable|Decrease|Increase|Evaluat)',
    'LastUsed|RestorableTime$|BacktrackTime$|ConsumedChangeRecords$|FindingScanDate$|FixAvailableSince$',
    '^(running|pending|active|registered|item|availableIpAddress)\\w*Count$|DecreasesToday$',
    '^(size|table|index|stored)\\w*Bytes$|^ApproximateNumber|^Subscriptions(Confirmed|Pending|Deleted)$',
    'Progress(Percentage)?$|^State(Value|Reason)Data$|^StateValue$|^WarmPoolSize$|^WarmThroughput$|^statistics$',
  ].join('|'),
  'i',
)

const cases = SERVICES.flatMap((service) =>
  Object.entries<Kind>(service.kinds).map(([name, kind]) => ({ name, kind, load: service.load })),
)

test.each(cases)('$name: what changes by itself is no change', async ({ kind, load, name }) => {
  const sdk = await load()
  // One list holds the caches of all engines.
  const engine = name === 'elasticache_memcached' ? 'memcached' : 'redis'
  const readAt = (moment: number) =>
    documentsOf(kind, sdk, (member) => {
      if (member === 'Engine') return engine
      return CHANGES_BY_ITSELF.test(member) ? moment : undefined
    })
  const documents = await readAt(1)
  expect(documents.length).toBeGreaterThan(0)
  expect(await readAt(2)).toEqual(documents)
})

test('what is configured is one', async () => {
  const { load } = cases.find(({ name }) => name === 'dynamodb_table') ?? expect.unreachable()
  const kind = KINDS.dynamodb_table ?? expect.unreachable()
  const sdk = await load()
  const readWith = (units: number) =>
    documentsOf(kind, sdk, (name) => (name === 'ReadCapacityUnits' ? units : undefined))
  expect(await readWith(5)).not.toEqual(await readWith(6))
})

/** The documents of a kind, from answers in which every member is there. */
async function documentsOf(kind: Kind, sdk: unknown, valueFor: ValueFor): Promise<readonly object[]> {
  const documents: object[] = []
  for await (const page of kind.read(createSampleApi(sdk, { valueFor })))
    for (const found of page) documents.push((await found.load())?.document ?? expect.unreachable())
  return documents
}
