import type { MessageBlock } from '../../core/message-block.ts'
import { CallError } from '../grpc/call-error.ts'
import { callStream } from '../grpc/calls.ts'
import { GrpcChannel } from '../grpc/channel.ts'
import { MessageTap } from '../grpc/message-tap.ts'
import { status } from '../grpc/status.ts'
import type { CollectObserver } from '../plugin-connection.ts'
import type { CollectOrder } from './collect-order.ts'

type Reader = {
  readonly observer: CollectObserver | undefined
  /** Is given a function that ends the call early. */
  readonly onCancel: (cancel: () => void) => void
  /** See `InboxOptions`. */
  readonly givesBack?: boolean
  /** See `InboxOptions`. */
  readonly tap?: MessageTap | undefined
}

/**
 * Makes the call over a connection that stands. What fails is a `CallError`, whose words may quote the
 * secret.
 */
export function readCollect(
  channel: GrpcChannel,
  { path, request, trace, settings, isBatched }: CollectOrder,
  { observer, onCancel, givesBack, tap }: Reader,
): AsyncIterable<readonly MessageBlock[]> {
  const blocks = callStream(channel, { ...settings, path, request, trace, onCancel, givesBack, tap })
  return isBatched ? cutBatches(blocks, observer) : blocks
}

/** Few plugins send batches, and what decodes them takes megabytes in the thread that reads. */
async function* cutBatches(
  blocks: AsyncIterable<readonly MessageBlock[]>,
  observer: CollectObserver | undefined,
): AsyncGenerator<readonly MessageBlock[]> {
  const { collectBatches } = await import('../collect-batches.ts')
  yield* collectBatches(blocks, observer)
}

/**
 * Makes the call over a connection of its own, in whatever thread; ends early with the signal. Blocks are
 * good until the next ones are asked for.
 */
export async function* runCollect(
  order: CollectOrder,
  observer: CollectObserver,
  signal: AbortSignal,
): AsyncGenerator<readonly MessageBlock[]> {
  const tap = order.target.isEncrypted ? undefined : new MessageTap(order.settings)
  const channel = new GrpcChannel(order.target, order.settings, tap)
  const onCancel = (cancel: () => void) => {
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
  }
  try {
    for await (const blocks of readCollect(channel, order, {
      observer,
      onCancel,
      givesBack: tap === undefined,
      tap,
    })) {
      yield blocks
      if (signal.aborted) throw new CallError(status.CANCELLED, 'the call was canceled')
    }
  } catch (thrown) {
    if (thrown instanceof CallError) thrown.wasConnected = channel.isConnected
    throw thrown
  } finally {
    channel.close()
  }
}
