import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import type { MessageBlock } from '../../core/message-block.ts'
import { CallError } from './call-error.ts'
import { type CallOutcome, outcomeOfReset, readOutcome, refuseHeaders } from './call-outcome.ts'
import { FrameReader } from './frame-reader.ts'
import type { MessageTap } from './message-tap.ts'
import { SpentMemory } from './spent-memory.ts'
import { status } from './status.ts'

export type InboxLimits = { readonly maxBufferedBytes: number; readonly maxMessageBytes: number }

export type InboxOptions = InboxLimits & {
  /**
   * What was taken is done with at the next `take`, and the connection serves nobody else: memory is given
   * back then. Default false: it is left to the garbage collector.
   */
  readonly givesBack?: boolean | undefined
  /** What takes the messages off the connection, if they do not come with `stream`. */
  readonly tap?: MessageTap | undefined
}

/**
 * What has arrived on a call and was not taken yet. When that is more than `maxBufferedBytes` (plus one
 * chunk) the stream is paused, and the HTTP/2 window then holds the sender.
 */
export class Inbox {
  readonly #stream: ClientHttp2Stream
  readonly #isConnected: () => boolean
  readonly #maxBufferedBytes: number
  readonly #frames: FrameReader
  readonly #spent: SpentMemory | undefined
  readonly #tap: MessageTap | undefined
  /** Headers have said that what comes is an answer. */
  #isAnswered = false
  /** The call is over as soon as the tap has nothing more. */
  #endsWithTap = false
  #blocks: MessageBlock[] = []
  #bytes = 0
  #outcome: { readonly value: CallOutcome } | undefined
  #hasEnded = false
  #wake: (() => void) | undefined
  /**
   * One for all waiting, so that a stream leaves none behind for each of its blocks. It keeps no process
   * alive.
   */
  #silence: NodeJS.Timeout | undefined
  #onSilence: () => void = () => {}

  constructor(stream: ClientHttp2Stream, limits: InboxOptions, isConnected: () => boolean) {
    this.#stream = stream
    this.#isConnected = isConnected
    this.#maxBufferedBytes = limits.maxBufferedBytes
    this.#frames = new FrameReader(limits.maxMessageBytes)
    this.#spent = limits.givesBack ? new SpentMemory() : undefined
    this.#tap = limits.tap
    this.#tap?.listen(() => this.#readTap())
    stream.on('response', (headers, flags) => this.#readHeaders(headers, flags))
    stream.on('trailers', (trailers) => this.#settle(readOutcome(trailers)))
    stream.on('data', (chunk: Buffer) => this.#readChunk(chunk))
    stream.on('end', () => this.#end())
    stream.on('error', () => {})
    stream.on('close', () => this.#end())
  }

  /** Whether nothing more will come. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Why the call failed; undefined when it ended well. Only true once it has ended. */
  get failure(): CallOutcome {
    return this.#outcome?.value
  }

  /** Everything that has arrived since the last time, and lets more come. */
  take(): readonly MessageBlock[] {
    this.#spent?.turn((memory) => this.#frames.holds(memory))
    const blocks = this.#blocks
    if (blocks.length === 0) return this.#takeFromTap()
    this.#blocks = []
    this.#bytes = 0
    if (this.#stream.isPaused()) this.#stream.resume()
    return blocks
  }

  #takeFromTap(): readonly MessageBlock[] {
    if (!this.#isAnswered || !this.#tap?.hasMessages) return []
    const blocks = this.#tap.take()
    if (this.#endsWithTap) this.#end()
    return blocks
  }

  /**
   * Waits until there is something to read; false when there was nothing within the time, which is the same
   * at each call.
   */
  wait(timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#wake = () => resolve(true)
    this.#onSilence = () => {
      this.#wake = undefined
      resolve(false)
    }
    this.#silence ??= setTimeout(() => this.#onSilence(), timeoutMs).unref()
    this.#silence.refresh()
    return promise
  }

  /**
   * Ends the call with this failure, also when a good status has come already: what came with it is not all
   * read.
   */
  fail(failure: CallError): void {
    if (this.#hasEnded) return
    this.#outcome = { value: failure }
    this.close()
    this.#wakeReader()
  }

  /** Tells the other side that nobody reads any more; what still arrives is dropped. */
  close(): void {
    this.#hasEnded = true
    clearTimeout(this.#silence)
    if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL)
    this.#stream.resume()
    this.#tap?.drop()
  }

  #readHeaders(headers: IncomingHttpHeaders, flags: number): void {
    const refusal = refuseHeaders(headers)
    if (refusal !== undefined) this.fail(refusal)
    else if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) this.#settle(readOutcome(headers))
    else {
      this.#isAnswered = true
      this.#readTap()
    }
  }

  /** The tap has messages or a part of one, which is no silence either, or has met what is none. */
  #readTap(): void {
    const tap = this.#tap
    if (this.#hasEnded || !this.#isAnswered || tap === undefined) return
    const wake = this.#wake
    if (wake !== undefined) {
      // Taken here, so that the next bytes are read to where they stay.
      if (tap.hasMessages) this.#blocks = tap.take()
      this.#wake = undefined
      wake()
    }
    if (tap.failure !== undefined) this.fail(tap.failure)
  }

  #readChunk(chunk: Buffer): void {
    if (this.#hasEnded) return
    const { length } = this.#blocks
    this.#spent?.note(chunk)
    try {
      this.#frames.read(chunk, this.#blocks)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.fail(error)
      return
    }
    this.#spent?.noteJoined(this.#blocks[length], chunk)
    this.#bytes += chunk.length
    if (this.#bytes >= this.#maxBufferedBytes && this.#blocks.length > 0) this.#stream.pause()
    this.#wakeReader()
  }

  #settle(outcome: CallOutcome): void {
    this.#outcome ??= { value: outcome }
  }

  #end(): void {
    if (this.#hasEnded) return
    if (this.#outcome === undefined) {
      if (!this.#stream.closed) return
      this.#settle(outcomeOfReset(this.#stream.rstCode ?? 0, this.#isConnected()))
    }
    if (this.#outcome?.value === undefined && (this.#tap ?? this.#frames).isMidMessage) {
      const cut = 'ERROR_PLUGIN_FRAME: it ended the call in the middle of a message'
      this.#outcome = { value: new CallError(status.DATA_LOSS, cut) }
    }
    // What it has read ahead is part of the call: one that is canceled before that was taken is no success.
    this.#endsWithTap = this.#isAnswered && this.#tap?.hasMessages === true
    if (this.#endsWithTap) return
    this.#hasEnded = true
    this.#wakeReader()
  }

  /** Wakes the reader after this turn of the event loop, so that it gets all that the turn brought. */
  #wakeReader(): void {
    const wake = this.#wake
    if (wake === undefined) return
    this.#wake = undefined
    setImmediate(wake)
  }
}
