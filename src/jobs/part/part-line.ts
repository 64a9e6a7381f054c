import type { MessagePort } from 'node:worker_threads'
import { GleanerError } from '../../core/errors.ts'
import type { PartNotice, PartReport } from './part-messages.ts'
import type { Part, PartWatch } from './store-part.ts'
import { fromThrown } from './thrown.ts'

/**
 * This side of a part that another thread reads and stores: says when that is to end, and hears what becomes
 * of it.
 */
export class PartLine {
  readonly #port: MessagePort
  readonly #watch: PartWatch
  readonly #outcome = Promise.withResolvers<void>()
  readonly #listeners: (() => void)[] = []

  /** `unread` is aborted when the plugin is no longer to be read, for whatever reason. */
  constructor(port: MessagePort, part: Part, watch: PartWatch, unread: AbortSignal) {
    this.#port = port
    this.#watch = watch
    this.#outcome.promise.catch(() => {})
    port.on('message', (report: PartReport) => this.#receive(report, part))
    port.once('close', () => this.#outcome.reject(threadDied()))
    this.#sendWhen(watch.signal, { kind: 'abort' })
    this.#sendWhen(unread, { kind: 'leave' })
  }

  /** Resolves when everything is stored; throws what ended the part early. */
  get outcome(): Promise<void> {
    return this.#outcome.promise
  }

  close(): void {
    for (const removeListener of this.#listeners.splice(0)) removeListener()
    this.#port.close()
  }

  #sendWhen(signal: AbortSignal, notice: PartNotice): void {
    const send = () => this.#port.postMessage(notice)
    if (signal.aborted) send()
    signal.addEventListener('abort', send, { once: true })
    this.#listeners.push(() => signal.removeEventListener('abort', send))
  }

  #receive(report: PartReport, { task }: Part): void {
    switch (report.kind) {
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
}

function threadDied(): GleanerError {
  return new GleanerError(
    'internal',
    'ERROR_STORING_THREAD',
    'the thread that stores resources died; what it had stored stays. The task is tried again',
    { retryable: true },
  )
}
