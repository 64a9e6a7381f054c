import { type MessageBlock, messagesOf } from '../../core/message-block.ts'
import type { TraceHeaders } from '../../core/trace.ts'
import { CallError } from './call-error.ts'
import type { GrpcChannel } from './channel.ts'
import { Inbox, type InboxOptions } from './inbox.ts'
import { status } from './status.ts'

type StreamCall = InboxOptions & {
  readonly path: string
  readonly request: Uint8Array
  /** The trace that the call is part of, sent as metadata. Default none. */
  readonly trace?: TraceHeaders
  /** Longest time that may pass while the reader waits and nothing comes. */
  readonly silenceTimeoutMs: number
  /** Is given a function that ends the call early. */
  readonly onCancel: (cancel: () => void) => void
}

type UnaryCall = {
  readonly path: string
  readonly request: Uint8Array
  /** As for a stream. */
  readonly trace?: TraceHeaders
  readonly timeoutMs: number
  readonly maxMessageBytes: number
  readonly onCancel: (cancel: () => void) => void
}

/**
 * Reads a server stream as blocks of everything that has arrived since the last pull. Only time spent waiting
 * counts as silence, so a slow reader never blames the other side. Leaving the loop cancels the call.
 */
export async function* callStream(
  channel: GrpcChannel,
  call: StreamCall,
): AsyncGenerator<readonly MessageBlock[]> {
  const stream = await channel.request(call)
  const inbox = new Inbox(stream, call, () => channel.isConnected)
  try {
    call.onCancel(() => inbox.fail(canceled()))
    for (;;) {
      const blocks = inbox.take()
      if (blocks.length > 0) yield blocks
      else if (!inbox.hasEnded) {
        if (!(await inbox.wait(call.silenceTimeoutMs))) throw silent(call.silenceTimeoutMs)
      } else if (inbox.failure !== undefined) throw inbox.failure
      else return
    }
  } finally {
    inbox.close()
  }
}

/** Calls a method that answers one message. */
export async function callUnary(channel: GrpcChannel, call: UnaryCall): Promise<Uint8Array> {
  const stream = await channel.request(call)
  const limits = { maxMessageBytes: call.maxMessageBytes, maxBufferedBytes: call.maxMessageBytes }
  const inbox = new Inbox(stream, limits, () => channel.isConnected)
  const timer = setTimeout(() => inbox.fail(timedOut(call.timeoutMs)), call.timeoutMs)
  try {
    call.onCancel(() => inbox.fail(canceled()))
    const blocks: MessageBlock[] = []
    while (!inbox.hasEnded) {
      await inbox.wait(call.timeoutMs)
      blocks.push(...inbox.take())
    }
    blocks.push(...inbox.take())
    if (inbox.failure !== undefined) throw timeoutOr(inbox.failure, call.timeoutMs)
    const messages = blocks.flatMap(messagesOf)
    const [message, ...others] = messages
    if (message !== undefined && others.length === 0) return message
    throw new CallError(
      status.INTERNAL,
      `ERROR_PLUGIN_REPLY: it answered ${messages.length} messages where one is due`,
    )
  } finally {
    clearTimeout(timer)
    inbox.close()
  }
}

function silent(silenceTimeoutMs: number): CallError {
  return new CallError(
    status.DEADLINE_EXCEEDED,
    `ERROR_PLUGIN_TIMEOUT: it sent nothing for ${silenceTimeoutMs / 1_000} s`,
  )
}

function timedOut(timeoutMs: number): CallError {
  return new CallError(
    status.DEADLINE_EXCEEDED,
    `ERROR_PLUGIN_TIMEOUT: it did not answer within ${timeoutMs / 1_000} s`,
  )
}

/**
 * The plugin knows the deadline as well, and its clock may strike a moment before ours: that is the same
 * failure.
 */
function timeoutOr(failure: Error, timeoutMs: number): Error {
  const isDeadline = failure instanceof CallError && failure.code === status.DEADLINE_EXCEEDED
  return isDeadline && !failure.details.startsWith('ERROR_') ? timedOut(timeoutMs) : failure
}

function canceled(): CallError {
  return new CallError(status.CANCELLED, 'the call was canceled')
}
