import { expect, test } from 'vitest'
import type { Api, CommandOf } from '../../src/api.ts'
import type { Kind } from '../../src/kind.ts'
import { KINDS, SERVICES } from '../../src/services/index.ts'
import { sampleAnswer } from './sample.ts'

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
const PLACE = { account: '123456789012', partition: 'aws', region: 'eu-central-1' }

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
async function documentsOf(kind: Kind, sdk: unknown, valueFor: Parameters<typeof sampleAnswer>[1]) {
  const send = async <Output>(command: CommandOf<Output>) => asOutput<Output>(sampleAnswer(command, valueFor))
  const documents: object[] = []
  for await (const page of kind.read(createSampleApi(sdk, send)))
    for (const found of page) documents.push((await found.load())?.document ?? expect.unreachable())
  return documents
}

/** Every list has one page, and everything is there. */
function createSampleApi(sdk: unknown, send: Api<unknown>['send']): Api<unknown> {
  return {
    sdk,
    send,
    place: PLACE,
    async *pages(read, _next, items) {
      yield items(await read(undefined)) ?? []
    },
    async *page(items) {
      yield (await items) ?? []
    },
    async *batches(list, _size, load) {
      for await (const part of list) yield await load(part)
    },
    whileThere: (list) => asGenerator(list),
    ifAny: (answer) => answer,
  }
}

async function* asGenerator<Item>(list: AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* list
}

/** Claims that an answer is what its command's schema says. */
function asOutput<Output>(answer: unknown): Output {
  return answer as Output
}
