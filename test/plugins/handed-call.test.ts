import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { countMessages, type MessageBlock, messagesOf } from '../../src/core/message-block.ts'
import { ResourceInfoSchema } from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { runCollect } from '../../src/plugins/stream/index.ts'
import { givenConnection, never, noSecret } from './support.ts'

/** The call of a plugin that sends this, as another thread makes it. */
async function givenCall(options: { count: number; bytes: number }) {
  const { connection } = await givenConnection('well-behaved')
  return await connection.handOver({ options, secretData: noSecret, filter: {} }, never)
}

const nameOf = (message: Uint8Array) => String(fromBinary(ResourceInfoSchema, message).resource?.name)

describe('a call that was handed over', () => {
  test.each([
    { count: 5_000, bytes: 2_000 },
    { count: 40, bytes: 300_000 },
  ])(
    'brings every resource once and in order, whatever is given back meanwhile: $count of $bytes bytes',
    async (options) => {
      const call = await givenCall(options)
      const names: string[] = []
      for await (const blocks of runCollect(call.order, {}, never)) {
        // So long that the next blocks have arrived before these are read.
        await new Promise((resolve) => setTimeout(resolve, 2))
        names.push(...blocks.flatMap(messagesOf).map(nameOf))
      }
      call.end()
      expect(names).toEqual(Array.from({ length: options.count }, (_, number) => `r-${number}`))
    },
  )

  test('holds no memory of what was read: it is given back, and not left to be collected', async () => {
    const call = await givenCall({ count: 5_000, bytes: 2_000 })
    const read: MessageBlock[] = []
    for await (const blocks of runCollect(call.order, {}, never)) read.push(...blocks)
    call.end()
    const held = new Set(read.map(({ bytes }) => bytes.buffer))
    const bytesHeld = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(countMessages(read)).toBe(5_000)
    expect(bytesHeld).toBeLessThan(3_000_000)
  })

  test('says of a failure whether the connection stood', async () => {
    const { connection, host } = await givenConnection('well-behaved')
    const call = await connection.handOver(
      { options: { count: 1_000_000, bytes: 1_000 }, secretData: noSecret, filter: {} },
      never,
    )
    const reading = (async () => {
      for await (const _ of runCollect(call.order, {}, never)) await host.stop()
    })()
    const thrown = await reading.then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(thrown).toMatchObject({ name: 'CallError', wasConnected: false })
    expect(call.signal.aborted).toBe(true)
    expect(await call.explain(thrown)).toMatchObject({ code: 'ERROR_PLUGIN_CANCELED' })
    call.end()
  })
})
