import type { MessagePort } from 'node:worker_threads'
import type { TraceHeaders } from '../../core/trace.ts'
import type { CollectOrder } from '../../plugins/stream/index.ts'
import type { TakenTask } from '../task.ts'
import type { ScopeFacts } from './scope-notes.ts'
import type { BatchSums, Part } from './store-part.ts'
import type { Thrown } from './thrown.ts'

/** Names an attempt of a task, whose part the thread is to store soon. */
export type ExpectedAttempt = Pick<TakenTask, 'domainId' | 'jobTaskId' | 'contributorId' | 'attempt'>

/**
 * What the thread is told: to load what a part will need, and that it will not be stored after all, or has
 * been; to read and store a part, of which it hears on a port of its own; or to end when all are stored.
 */
export type ThreadOrder =
  | { readonly kind: 'expect' | 'forget'; readonly attempt: ExpectedAttempt }
  | {
      readonly kind: 'store'
      readonly part: Part
      readonly call: CollectOrder
      readonly scopes: ScopeFacts
      readonly trace: TraceHeaders
      readonly port: MessagePort
    }
  | { readonly kind: 'stop' }

/** What the thread hears of a part. */
export type PartNotice =
  /** Nothing may be written any more. */
  | { readonly kind: 'abort' }
  /** The call is to end; what was read until then is to be kept. */
  | { readonly kind: 'leave' }

/** What the thread says about a part. The last two are the end. */
export type PartReport =
  | { readonly kind: 'batch'; readonly sums: BatchSums }
  | { readonly kind: 'stored' }
  | { readonly kind: 'failed'; readonly thrown: Thrown }
