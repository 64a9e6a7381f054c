import { expect, test } from 'vitest'
import publicApi from '../fixtures/contract/public-api.json' with { type: 'json' }
import { contractFacts, type Facts, loadContract } from './contract-facts.ts'

const PLUGIN = 'spaceone.api.inventory.plugin'

/**
 * All that our contract may hold beyond release 1.12.5: additions of later releases of the same API that do
 * not disturb an older client or plugin. What is our own belongs into packages of our own.
 */
const ADDITIONS = [
  {
    reason: 'hands a plugin the part of the work that its own Job.get_tasks returned; older plugins skip it',
    add: ({ messages }: Facts) =>
      messages[`${PLUGIN}.CollectRequest`]?.push('4 google.protobuf.Struct task_options'),
  },
  {
    reason: 'lets a plugin split the work of one secret; a plugin without it answers UNIMPLEMENTED',
    add: ({ services, messages }: Facts) => {
      services[`${PLUGIN}.Job`] = { get_tasks: `${PLUGIN}.GetTaskRequest -> ${PLUGIN}.TasksInfo` }
      messages[`${PLUGIN}.GetTaskRequest`] = [
        '1 google.protobuf.Struct secret_data',
        '2 google.protobuf.Struct options',
        '3 google.protobuf.Struct task_filter',
      ]
      messages[`${PLUGIN}.TasksInfo`] = [`1 repeated ${PLUGIN}.TaskInfo tasks`]
      messages[`${PLUGIN}.TaskInfo`] = ['1 google.protobuf.Struct task_options']
    },
  },
  {
    reason: 'sent by plugins of later releases for a resource they leave out on purpose',
    add: ({ enums }: Facts) => enums[`${PLUGIN}.ResourceInfo.State`]?.push('8 SKIP'),
  },
]

const actual = contractFacts(loadContract(), 'spaceone.')
const expected = expectedFacts()

test('every service has exactly the methods, types, streams and HTTP paths of the public API', () => {
  expect(actual.services).toEqual(expected.services)
})

test('every message has exactly the field numbers, types, names and oneofs of the public API', () => {
  expect(actual.messages).toEqual(expected.messages)
})

test('every enum has exactly the values of the public API', () => {
  expect(actual.enums).toEqual(expected.enums)
})

test.each(ADDITIONS)('an addition is really one: $reason', ({ add }) => {
  const facts: Facts = structuredClone(publicApi)
  add(facts)
  expect(facts).not.toEqual(publicApi)
})

function expectedFacts(): Facts {
  const facts: Facts = structuredClone(publicApi)
  for (const { add } of ADDITIONS) add(facts)
  return facts
}
