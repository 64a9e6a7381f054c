import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Logger } from '../../access/index.ts'
import { toError } from '../../core/errors.ts'
import { traceHeaders } from '../../core/trace.ts'
import { CallError, type HandedCall } from '../../plugins/stream/index.ts'
import type { TakenTask } from '../task.ts'
import { PartLine } from './part-line.ts'
import type { ThreadOrder } from './part-messages.ts'
import type { ScopeFacts } from './scope-notes.ts'
import type { Part, PartWatch, StorePart } from './store-part.ts'

type PartThreadOptions = {
  /** The program of the thread, which calls `serveParts`. */
  readonly program: URL
  /** What it is given as `workerData`. */
  readonly data: object
  readonly log: Logger
  /** How long the thread stays without a part to store, milliseconds. Default 30 s. */
  readonly idleMs?: number
}

/**
 * Tells that a part of this attempt is going to be stored, so that what that needs is loaded while the task
 * is still being prepared. Dispose of it when the attempt is over.
 */
export type ExpectPart = (task: TakenTask) => Disposable

/** A line that the thread wants to be logged. */
export type ThreadLog = {
  readonly level: keyof Logger
  readonly fields: object
  readonly message: string
}

/**
 * Stores parts in a thread of its own, so that whoever this process serves does not wait while messages are
 * hashed, decoded and written. The thread reads the plugin itself; its process, its log and its secrets are
 * known here, where a failed call is explained. The thread begins with the first part and ends when it has
 * had none for a while, since it costs memory.
 */
export class PartThread {
  readonly #options: PartThreadOptions
  #thread: Worker | undefined
  #running = 0
  #idle: NodeJS.Timeout | undefined

  constructor(options: PartThreadOptions) {
    this.#options = options
  }

  readonly expect: ExpectPart = ({ domainId, jobTaskId, contributorId, attempt: number }) => {
    const attempt = { domainId, jobTaskId, contributorId, attempt: number }
    this.#enter()
    this.#send({ kind: 'expect', attempt })
    return {
      [Symbol.dispose]: () => {
        this.#thread?.postMessage({ kind: 'forget', attempt } satisfies ThreadOrder)
        this.#leave()
      },
    }
  }

  readonly store: StorePart = async (part, source, watch) => {
    this.#enter()
    try {
      const handed = await source.handOver(watch.signal)
      try {
        await this.#storeHanded(part, { handed, scopes: source.scopes }, watch)
      } catch (thrown) {
        throw thrown instanceof CallError ? await handed.explain(thrown) : thrown
      } finally {
        handed.end()
      }
    } finally {
      this.#leave()
    }
  }

  /** Whether there is a thread now. */
  get isRunning(): boolean {
    return this.#thread !== undefined
  }

  /** Lets the thread end; resolves when it has. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    if (thread === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    thread.once('exit', () => resolve())
    thread.postMessage({ kind: 'stop' } satisfies ThreadOrder)
    await promise
  }

  async #storeHanded(
    part: Part,
    { handed, scopes }: { readonly handed: HandedCall; readonly scopes: ScopeFacts },
    watch: PartWatch,
  ): Promise<void> {
    const { port1, port2: port } = new MessageChannel()
    const line = new PartLine(port1, part, watch, handed.signal)
    const order: ThreadOrder = {
      kind: 'store',
      part,
      call: handed.order,
      scopes,
      trace: traceHeaders(),
      port,
    }
    try {
      this.#send(order, [port])
      await line.outcome
    } finally {
      line.close()
    }
  }

  #enter(): void {
    this.#running++
    clearTimeout(this.#idle)
  }

  #leave(): void {
    if (--this.#running > 0) return
    this.#idle = setTimeout(() => void this.stop(), this.#options.idleMs ?? 30_000).unref()
  }

  #send(order: ThreadOrder, ports: MessagePort[] = []): void {
    this.#thread ??= this.#start()
    this.#thread.postMessage(order, ports)
  }

  #start(): Worker {
    const { program, data, log } = this.#options
    const thread = new Worker(program, { workerData: data })
    thread.on('message', ({ level, fields, message }: ThreadLog) => log[level](fields, message))
    thread.on('error', (thrown) =>
      log.error({ err: toError(thrown) }, 'the thread that stores resources died'),
    )
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
    })
    return thread
  }
}
