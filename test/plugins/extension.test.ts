import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { messagesOf } from '../../src/core/message-block.ts'
import { SecretData } from '../../src/core/secret-data.ts'
import { CollectBatchSchema } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { ResourceInfoSchema } from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { readBatch } from '../../src/plugins/read-batch.ts'
import { collectNames, failureOf, givenConnection, givenHost, never, recordOf } from './support.ts'

const secretData = new SecretData({ account_id: '123' })

async function givenSample() {
  const { host } = givenHost([recordOf('sample', { image: 'builtin:sample' })])
  return host.connect({ pluginId: 'plugin-sample' }, never)
}

describe('a plugin with the extension service', () => {
  test('describes itself: kinds, schemas, and whether ids are bound to regions', async () => {
    const description = await (await givenSample()).describe(never)

    expect(description).toMatchObject({
      name: 'acme',
      version: '0.1.0',
      provider: 'acme',
      declaresScopes: true,
    })
    expect(description?.resourceTypes).toMatchObject([
      { group: 'Compute', type: 'Server', idsAreRegional: false },
      { group: 'ObjectStore', type: 'Bucket', idsAreRegional: false },
      { group: 'Network', type: 'Subnet', idsAreRegional: true },
    ])
    expect(description?.optionsSchema).toMatchObject({ properties: { count: { type: 'integer' } } })
    expect(description?.secretSchema).toMatchObject({ properties: { token: { type: 'string' } } })
  })

  test('says which scopes it opened, and completes each when its resources were pulled', async () => {
    const connection = await givenSample()
    const told: string[] = []
    let pulled = 0
    const observer = {
      scopeOpened: ({ type, regionCode }: { type: string; regionCode: string }) =>
        told.push(`open ${type} ${regionCode}`),
      scopeCompleted: ({
        type,
        account,
        regionCode,
      }: {
        type: string
        account: string
        regionCode: string
      }) => told.push(`done ${type} ${account} ${regionCode} after ${pulled}`),
    }
    const options = { count: 50, regions: ['north-1', 'south-1'], fail_region: 'south-1' }
    for await (const messages of connection.collect({ options, secretData, filter: {}, observer }, never)) {
      for (const bytes of messages) {
        if (fromBinary(ResourceInfoSchema, bytes).resourceType === 'inventory.CloudService') pulled++
      }
    }

    expect(told).toEqual([
      'open Server north-1',
      'open Bucket north-1',
      'open Subnet north-1',
      'open Server south-1',
      'open Bucket south-1',
      'open Subnet south-1',
      'done Server 123 north-1 after 25',
      'done Bucket 123 north-1 after 25',
      'done Subnet 123 north-1 after 25',
    ])
  })

  test('fails with its own words, as over the public protocol', async () => {
    const connection = await givenSample()
    const failure = await failureOf(collectNames(connection, { count: 'many' }))
    expect(failure).toMatchObject({ code: 'ERROR_INVALID_PARAMETER', kind: 'invalid' })
  })
})

describe('a plugin without it', () => {
  test('is used through the public protocol', async () => {
    const { connection } = await givenConnection('well-behaved')
    expect(await connection.describe(never)).toBeUndefined()
    expect(await collectNames(connection)).toEqual(['r-0', 'r-1', 'r-2'])
  })

  test('loses nothing when it answers junk to what it does not know', async () => {
    const { connection } = await givenConnection('answers-junk')
    expect(await connection.describe(never)).toBeUndefined()
    const call = { options: {}, secretData, filter: {} }
    const read = Array.fromAsync(connection.collect(call, never))
    expect(await failureOf(read)).toMatchObject({ code: 'ERROR_PLUGIN_FRAME' })
  })
})

describe('a batch', () => {
  const batch = (fields: Parameters<typeof create<typeof CollectBatchSchema>>[1]) =>
    toBinary(CollectBatchSchema, create(CollectBatchSchema, fields))

  test('is cut into its resources where they lie, whatever their size', () => {
    const resources = [0, 1, 127, 128, 70_000].map((size) => new Uint8Array(size).fill(size))
    const bytes = batch({ resources, completed: [{ provider: 'a', group: 'b', type: 'c' }] })

    const read = readBatch(bytes)

    expect(read.resources.flatMap(messagesOf)).toEqual(resources)
    expect(read.resources.every((block) => block.bytes === bytes)).toBe(true)
    expect(read.report?.completed).toMatchObject([{ provider: 'a', group: 'b', type: 'c' }])
  })

  test.each([
    ['cut in a resource', Uint8Array.of(0x0a, 5, 1)],
    ['cut in a length', Uint8Array.of(0x0a, 0x80)],
    ['a length without end', Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a million of empty resources', new Uint8Array(2_000_000).map((_, at) => (at % 2 === 0 ? 0x0a : 0))],
    ['a million of empty scopes', new Uint8Array(2_000_000).map((_, at) => (at % 2 === 0 ? 0x12 : 0))],
  ])('that is %s is refused', (_, bytes) => {
    expect(() => readBatch(bytes)).toThrow()
  })
})
