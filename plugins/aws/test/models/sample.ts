import { NormalizedSchema } from '@smithy/core/schema'

/** What a member of an answer holds, by its name; undefined leaves it to its type. */
export type ValueFor = (name: string) => string | number | undefined

/** What the maps of these calls hold, which their models do not say. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  GetQueueAttributes: [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesDelayed',
    'ApproximateNumberOfMessagesNotVisible',
    'VisibilityTimeout',
  ],
  GetTopicAttributes: [
    'DisplayName',
    'SubscriptionsConfirmed',
    'SubscriptionsDeleted',
    'SubscriptionsPending',
  ],
}

/** An answer in which every member that the model of the service knows is there. */
export function sampleAnswer(command: object, valueFor: ValueFor): unknown {
  const operation: unknown = Reflect.get(command, 'schema')
  if (!Array.isArray(operation)) throw new Error('the command does not carry its schema')
  const [, , name, , , output] = operation
  return sample(NormalizedSchema.of(output), { name: '', seen: [], keys: KEYS[name] ?? ['key'], valueFor })
}

type At = {
  readonly name: string
  /** Shapes that it lies in, which it may not hold once more. */
  readonly seen: readonly unknown[]
  /** Of maps. */
  readonly keys: readonly string[]
  readonly valueFor: ValueFor
}

function sample(schema: NormalizedSchema, at: At): unknown {
  const { keys, name, seen, valueFor } = at
  if (schema.isListSchema()) return [sample(schema.getValueSchema(), at)]
  if (schema.isMapSchema()) {
    const value = schema.getValueSchema()
    return Object.fromEntries(keys.map((key) => [key, sample(value, { ...at, name: key })]))
  }
  if (schema.isStructSchema()) {
    const shape = schema.getSchema()
    if (seen.includes(shape)) return undefined
    const members = [...schema.structIterator()].map(([key, member]) => [
      key,
      // What lies in something that changes by itself changes with it.
      sample(member, {
        ...at,
        name: key,
        seen: [...seen, shape],
        valueFor: (each) => valueFor(each) ?? valueFor(key),
      }),
    ])
    return Object.fromEntries(members)
  }
  const given = valueFor(name)
  if (schema.isTimestampSchema()) return new Date(Number.isFinite(given) ? Number(given) : 1_700_000_000_000)
  if (schema.isBooleanSchema()) return given === undefined
  if (schema.isNumericSchema()) return Number.isFinite(given) ? given : 7
  if (schema.isBlobSchema()) return Uint8Array.of(Number(given ?? 1))
  return String(given ?? `${name} of a sample`)
}
