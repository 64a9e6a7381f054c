import type { ServerWritableStream } from '@grpc/grpc-js'
import type { CallContext, CollectContext } from '../context.ts'
import type { Plugin } from '../plugin.ts'
import type { Yielded } from '../resources.ts'
import { ResourceEncoder } from '../wire/resource-encoder.ts'
import type { ActiveWork } from './active-work.ts'
import { whenAborted } from './call-signal.ts'
import type { Frame } from './run-call.ts'

type Writable = Pick<ServerWritableStream<unknown, Buffer>, 'write' | 'once'>

type CollectStream = Frame & {
  readonly call: Writable
  readonly ctx: CallContext
  readonly active: ActiveWork
}

/**
 * Runs `collect` and writes what it yields, never faster than the caller reads. However it ends, the generator is
 * told to return, so its `finally` runs: at once where it stands at a `yield`, else as soon as what it awaits settles.
 */
export async function streamCollect(plugin: Plugin, stream: CollectStream): Promise<void> {
  const { ctx, redact, active } = stream
  const encoder = new ResourceEncoder(plugin, redact)
  const iterator = plugin.collect(collectContext(stream))[Symbol.asyncIterator]()
  try {
    await Promise.race([writeAll(stream.call, encoder, iterator, ctx.signal), whenAborted(ctx.signal)])
  } finally {
    active.track(close(iterator, ctx))
  }
}

async function writeAll(
  call: Writable,
  encoder: ResourceEncoder,
  iterator: AsyncIterator<Yielded | readonly Yielded[]>,
  signal: AbortSignal,
): Promise<void> {
  for (const message of encoder.begin()) call.write(message)
  while (true) {
    const { done, value } = await iterator.next()
    if (done || signal.aborted) return
    for (const each of isPage(value) ? value : [value]) {
      for (const message of encoder.encode(each)) {
        if (!call.write(message)) await drained(call, signal)
      }
    }
  }
}

function isPage(value: Yielded | readonly Yielded[]): value is readonly Yielded[] {
  return Array.isArray(value)
}

/** After a cancellation grpc-js never drains, so the wait ends with the signal as well. */
function drained(call: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    call.once('drain', done)
    signal.addEventListener('abort', done)
  })
}

function collectContext({ ctx, request }: CollectStream): CollectContext {
  return {
    ...ctx,
    filter: request.filter,
    taskOptions: request.taskOptions,
    cloudService: (type, fields) => ({ kind: 'cloud_service', type, fields }),
    region: (fields) => ({ kind: 'region', fields }),
    error: (fields) => ({ kind: 'error', fields }),
  }
}

/** Not awaited by the call: a generator that awaits something deaf to the signal must not hold it. */
async function close(iterator: AsyncIterator<Yielded | readonly Yielded[]>, ctx: CallContext): Promise<void> {
  try {
    await iterator.return?.()
  } catch (error) {
    ctx.log.warn('collect failed while it was being closed', { error })
  }
}
