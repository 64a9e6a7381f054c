import type { MessagePort } from 'node:worker_threads'
import { inTrace } from '../../core/trace.ts'
import { runCollect } from '../../plugins/stream/index.ts'
import type { PartNews, PartReport, ThreadOrder } from './part-messages.ts'
import type { StoreHere } from './store-part.ts'
import { toThrown } from './thrown.ts'

/** Reads and stores the parts that are asked for on a port, side by side; resolves when it was told to stop and all are stored. */
export function serveParts(orders: MessagePort, store: StoreHere): Promise<void> {
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
  { part, call, scopes, port }: Extract<ThreadOrder, { kind: 'store' }>,
  store: StoreHere,
): Promise<void> {
  const report = (content: PartReport) => port.postMessage(content)
  const abort = new AbortController()
  const leave = new AbortController()
  port.on('message', ({ kind }: PartNews) => (kind === 'abort' ? abort : leave).abort())
  try {
    await store(
      part,
      {
        scopes,
        open: (observer, signal) => runCollect(call, observer, AbortSignal.any([signal, leave.signal])),
      },
      { signal: abort.signal, onBatch: (sums) => report({ kind: 'batch', sums }) },
    )
    report({ kind: 'stored' })
  } catch (thrown) {
    report({ kind: 'failed', thrown: toThrown(thrown) })
  } finally {
    // A plugin that is silent just now would not notice otherwise that nobody reads it any more.
    leave.abort()
    port.close()
  }
}
