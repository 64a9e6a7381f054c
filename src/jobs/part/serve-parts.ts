import type { MessagePort } from 'node:worker_threads'
import { inTrace } from '../../core/trace.ts'
import type { LoadedRoster } from '../../inventory/write/index.ts'
import { runCollect } from '../../plugins/stream/index.ts'
import type { ExpectedAttempt, PartNotice, PartReport, ThreadOrder } from './part-messages.ts'
import type { StoreHere } from './store-part.ts'
import { toThrown } from './thrown.ts'

/** What the thread can do. */
type PartServer = {
  readonly store: StoreHere
  /** Loads what is known of the claims of a contributor. */
  readonly load: (contributor: ExpectedAttempt) => Promise<LoadedRoster>
}

/**
 * Reads and stores the parts that are asked for on a port, side by side; resolves when it was told to stop
 * and all are stored.
 */
export function serveParts(orders: MessagePort, { store, load }: PartServer): Promise<void> {
  const open = new Set<Promise<void>>()
  const expected = new Map<string, Promise<LoadedRoster>>()
  const { promise, resolve } = Promise.withResolvers<void>()
  orders.on('message', (order: ThreadOrder) => {
    if (order.kind === 'stop') {
      orders.close()
      resolve()
      return
    }
    const key = keyOf(order.kind === 'store' ? order.part.task : order.attempt)
    const roster = expected.get(key)
    expected.delete(key)
    if (order.kind === 'expect') {
      const loading = load(order.attempt)
      // Whoever takes it loads it again where that has failed.
      loading.catch(() => {})
      expected.set(key, loading)
    } else if (order.kind === 'store') {
      const run = inTrace(order.trace, () => storeOne(order, store, roster)).finally(() => open.delete(run))
      open.add(run)
    }
  })
  return promise.then(async () => void (await Promise.all(open)))
}

function keyOf({ domainId, jobTaskId, attempt }: ExpectedAttempt): string {
  return `${domainId} ${jobTaskId} ${attempt}`
}

async function storeOne(
  { part, call, scopes, port }: Extract<ThreadOrder, { kind: 'store' }>,
  store: StoreHere,
  roster: Promise<LoadedRoster> | undefined,
): Promise<void> {
  const report = (content: PartReport) => port.postMessage(content)
  const abort = new AbortController()
  const leave = new AbortController()
  port.on('message', ({ kind }: PartNotice) => (kind === 'abort' ? abort : leave).abort())
  try {
    await store(
      part,
      {
        scopes,
        open: (observer, signal) => runCollect(call, observer, AbortSignal.any([signal, leave.signal])),
      },
      { signal: abort.signal, onBatch: (sums) => report({ kind: 'batch', sums }) },
      roster,
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
