import type { PackedResource } from '../../packed-document.ts'
import type { TaskError } from '../../task-error.ts'
import type { CollectMode } from '../match/classify.ts'
import type { FirstSightings } from '../run/first-sightings.ts'
import type { CopyRows } from '../store/copy-resources.ts'
import type { ResourceIds } from '../store/resource-ids.ts'
import type { PendingWrites } from './pending-writes.ts'

/**
 * A resource whose memo was not known, on its way into the database. Memos are in uuid form, and null where
 * there is none; `message` is the number of its message in the stream.
 */
export type BatchItem = {
  readonly memo: string
  readonly looseMemo: string | null
  readonly message: number
  readonly resource: PackedResource
}

/** What writing one batch needs to know about the run. */
export type KindWrite = {
  readonly domainId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly mode: CollectMode
  /** How much this contributor's word counts: see `Layer`. */
  readonly priority: number
  readonly seniority: number
  /**
   * Whether unchanged content gets its new memo: pays when memos are new once, not when they are new each
   * time.
   */
  readonly refreshesMemos: boolean
  /** What this attempt has seen. */
  readonly seen: FirstSightings
  /** Another writer was in the way of the same batch: now keys are looked up before they are taken. */
  readonly isRetry: boolean
  /** Whether to store without a look what a unique key guards: see `isKeyOnly`. */
  readonly expectsNew: boolean
  readonly ids: ResourceIds
  readonly rows: CopyRows
  /** What need not be waited for until the batch has asked for all else: it travels with what follows. */
  readonly pending: PendingWrites
  readonly now: Date
}

/**
 * What became of one item. `isMemoStored` says that the memos stored for the slot are now the item's;
 * `target` is set where the resource was looked at and not only its contribution.
 */
export type Outcome =
  | {
      readonly result: 'created' | 'updated' | 'unchanged'
      readonly slot: number
      readonly isMemoStored: boolean
      readonly target?: Target
    }
  | { readonly result: 'skipped'; readonly slot: number | undefined }
  | { readonly result: 'refused'; readonly error: TaskError }

/** The resource an item is about, as events name it. */
type Target = { readonly id: string; readonly kind: string }

/** A target vanished between match and lock: somebody else was faster, and the batch is to be tried again. */
export class TargetMoved extends Error {}
