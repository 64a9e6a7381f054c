import type { MessagePort } from 'node:worker_threads'
import { GleanerError } from '../../core/errors.ts'
import { messagesOf } from '../../core/message-block.ts'
import { type PartNews, type PartReport, packChunk } from './part-messages.ts'
import type { Part, PartSource, PartWatch } from './store-part.ts'
import { fromThrown } from './thrown.ts'

/** Chunks that are on their way: enough for both sides to be busy, and half a megabyte at most. */
const MAX_CHUNKS = 4

/**
 * This side of a part that another thread stores: reads the plugin as fast as the thread takes what it sends, and hears what
 * becomes of it.
 */
export class PartLine {
  readonly #port: MessagePort
  readonly #watch: PartWatch
  /** Aborted when the thread has failed: the plugin need not go on. */
  readonly #failed = new AbortController()
  readonly #outcome = Promise.withResolvers<void>()
  readonly #recycled: ArrayBuffer[] = []
  readonly #abort = () => this.#say({ kind: 'abort' })
  #sent = 0
  #wake: (() => void) | undefined

  constructor(port: MessagePort, part: Part, watch: PartWatch) {
    this.#port = port
    this.#watch = watch
    this.#outcome.promise.catch(() => {
      this.#failed.abort()
      this.#wake?.()
    })
    port.on('message', (report: PartReport) => this.#hear(report, part))
    port.once('close', () => this.#outcome.reject(threadDied()))
    watch.signal.addEventListener('abort', this.#abort, { once: true })
    if (watch.signal.aborted) this.#abort()
  }

  /** Sends all that the plugin does; throws what ended the part early. */
  async send(source: PartSource): Promise<void> {
    const cut = await this.#sendAll(source)
    const isOurs = this.#failed.signal.aborted
    // What the thread says of a stream that was cut is only that; why it was cut is known here.
    await this.#outcome.promise.catch((thrown: unknown) => {
      throw cut === undefined || isOurs ? thrown : cut.reason
    })
  }

  close(): void {
    this.#watch.signal.removeEventListener('abort', this.#abort)
    this.#port.close()
  }

  async #sendAll(source: PartSource): Promise<{ readonly reason: unknown } | undefined> {
    try {
      for await (const blocks of source.open(AbortSignal.any([this.#watch.signal, this.#failed.signal]))) {
        await this.#sendMessages(blocks.flatMap(messagesOf))
        if (this.#failed.signal.aborted) return undefined
      }
      this.#say({ kind: 'end', declaration: source.declaration() })
      return undefined
    } catch (reason) {
      this.#say({ kind: 'cut' })
      return { reason }
    }
  }

  async #sendMessages(messages: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < messages.length; ) {
      while (this.#sent >= MAX_CHUNKS && !this.#failed.signal.aborted) await this.#whenRead()
      if (this.#failed.signal.aborted) return
      const chunk = packChunk(messages, from, this.#recycled.pop())
      from += chunk.ends.length
      this.#sent++
      this.#say({ kind: 'chunk', ...chunk }, [chunk.buffer])
    }
  }

  #whenRead(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #hear(report: PartReport, { task }: Part): void {
    switch (report.kind) {
      case 'read':
        this.#sent--
        this.#recycled.push(report.buffer)
        this.#wake?.()
        return
      case 'batch':
        this.#watch.onBatch(report.sums)
        return
      case 'stored':
        this.#outcome.resolve()
        return
      case 'failed':
        this.#outcome.reject(fromThrown(report.thrown, task))
    }
  }

  #say(news: PartNews, moved: ArrayBuffer[] = []): void {
    this.#port.postMessage(news, moved)
  }
}

function threadDied(): GleanerError {
  return new GleanerError(
    'internal',
    'ERROR_STORING_THREAD',
    'the thread that stores resources died; what it had stored stays. The task is tried again',
    { retryable: true },
  )
}
