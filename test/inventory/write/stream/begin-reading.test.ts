import { expect, test } from 'vitest'
import { beginReading } from '../../../../src/inventory/write/stream/begin-reading.ts'

test('a source is asked before anybody takes from it, and gives all it has in order', async () => {
  const asked: number[] = []
  const reading = beginReading(count(asked))
  expect(asked).toEqual([1])
  const taken: number[] = []
  for await (const item of reading) taken.push(item)
  expect(taken).toEqual([1, 2, 3])
})

test('what the source throws first is thrown where it is taken', async () => {
  const reading = beginReading(refuse())
  await new Promise((resolve) => setImmediate(resolve))
  await expect(takeAll(reading)).rejects.toThrow('no connection')
})

test('leaving it ends the source, also when nothing was taken', async () => {
  const asked: number[] = []
  await beginReading(count(asked)).leave()
  expect(asked).toEqual([1, -1])
})

async function* count(asked: number[]): AsyncGenerator<number> {
  try {
    for (const item of [1, 2, 3]) {
      asked.push(item)
      yield item
    }
  } finally {
    asked.push(-1)
  }
}

async function* refuse(): AsyncGenerator<number> {
  yield* []
  throw new Error('no connection')
}

async function takeAll(source: AsyncIterable<number>): Promise<void> {
  for await (const _ of source);
}
