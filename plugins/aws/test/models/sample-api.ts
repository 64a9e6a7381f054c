import type { Api, CommandOf } from '../../src/api.ts'
import { sampleAnswer, type ValueFor } from './sample.ts'

const PLACE = { account: '123456789012', partition: 'aws', region: 'eu-central-1' }

type Asked = {
  readonly valueFor: ValueFor
  /** Is told each command that is sent. */
  readonly onSend?: (command: object) => void
}

/** What a kind is read with: every list has one page, and everything that the models know is there. */
export function createSampleApi(sdk: unknown, { onSend, valueFor }: Asked): Api<unknown> {
  return {
    sdk,
    place: PLACE,
    async send<Output>(command: CommandOf<Output>) {
      onSend?.(command)
      return asOutput<Output>(sampleAnswer(command, valueFor))
    },
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
