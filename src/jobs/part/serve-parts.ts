import type { MessagePort } from 'node:worker_threads'
import type { MessageBlock } from '../../core/message-block.ts'
import { inTrace } from '../../core/trace.ts'
import type { Declaration } from '../../coverage/index.ts'
import { type Chunk, type PartNews, type PartReport, type ThreadOrder, unpackChunk } from './part-messages.ts'
import type { PartSource, StorePart } from './store-part.ts'
import { toThrown } from './thrown.ts'

/** Stores the parts that are asked for on a port, side by side; resolves when it was told to stop and all are stored. */
export function serveParts(orders: MessagePort, store: StorePart): Promise<void> {
  const open = new Set<Promise<void>>()
  const { promise, resolve } = Promise.withResolvers<void>()
  orders.on('message', (order: ThreadOrder) => {
    if (order.kind === 'stop') {
      orders.close()
      resolve()
      return
    }
    const run = inTrace(order.trace, () => storeOne(order, store)).finally(() => open.delete(run))
    open.add(run)
  })
  return promise.then(async () => void (await Promise.all(open)))
}

async function storeOne(
  { part, port }: Extract<ThreadOrder, { kind: 'store' }>,
  store: StorePart,
): Promise<void> {
  const report = (content: PartReport, moved: ArrayBuffer[] = []) => port.postMessage(content, moved)
  const abort = new AbortController()
  const inbox = new PartInbox(port, abort)
  try {
    await store(
      part,
      inbox.toSource((buffer) => report({ kind: 'read', buffer }, [buffer])),
      {
        signal: abort.signal,
        onBatch: (sums) => report({ kind: 'batch', sums }),
      },
    )
    report({ kind: 'stored' })
  } catch (thrown) {
    report({ kind: 'failed', thrown: toThrown(thrown) })
  } finally {
    port.close()
  }
}

/** What has arrived of a part and was not read yet. The other side bounds it: it sends no chunk before one has come back. */
class PartInbox {
  readonly #chunks: Chunk[] = []
  #ending: Extract<PartNews, { kind: 'end' | 'cut' }> | undefined
  #wake: (() => void) | undefined

  constructor(port: MessagePort, abort: AbortController) {
    port.on('message', (news: PartNews) => {
      if (news.kind === 'chunk') this.#chunks.push(news)
      else if (news.kind === 'abort') abort.abort()
      else this.#ending = news
      this.#wake?.()
    })
  }

  toSource(giveBack: (buffer: ArrayBuffer) => void): PartSource {
    return { open: () => this.#read(giveBack), declaration: () => this.#declaration() }
  }

  async *#read(giveBack: (buffer: ArrayBuffer) => void): AsyncGenerator<readonly MessageBlock[]> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        yield [unpackChunk(chunk)]
        giveBack(chunk.buffer)
      } else if (this.#ending === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      } else if (this.#ending.kind === 'end') return
      else throw new Error('the stream was cut')
    }
  }

  #declaration(): Declaration {
    if (this.#ending?.kind !== 'end') throw new Error('the stream has not ended')
    return this.#ending.declaration
  }
}
