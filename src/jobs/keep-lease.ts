import type { Logger } from '../access/index.ts'
import { toError } from '../core/errors.ts'
import type { Database } from '../storage/index.ts'
import { LeaseLost } from './lease-lost.ts'
import { renewLease } from './renew-lease.ts'
import type { TaskLease } from './task.ts'

/** How long a lease lasts without renewal, and how often it is renewed, in milliseconds. */
export type LeaseTimes = { readonly leaseMs: number; readonly renewEveryMs: number }

export type LeaseKeeper = { stop(): void }

/**
 * Renews a lease until it is told to stop. Calls `onLost` once when the task has moved on, and also when the database
 * has not answered for a whole lease: by then somebody else may own the task, and going on would be wasted work.
 * (What the attempt might still write is stopped by the fence, not by this.)
 */
export function keepLease(
  deps: { readonly db: Database; readonly log: Logger },
  lease: TaskLease,
  times: LeaseTimes,
  onLost: (reason: Error) => void,
): LeaseKeeper {
  let renewedAt = performance.now()
  let timer = setTimeout(renew, times.renewEveryMs)
  let isStopped = false

  async function renew(): Promise<void> {
    const askedAt = performance.now()
    try {
      await renewLease(deps.db, lease, times.leaseMs)
      renewedAt = askedAt
    } catch (thrown) {
      if (isStopped) return
      const isLost = thrown instanceof LeaseLost || performance.now() - renewedAt > times.leaseMs
      if (isLost) return onLost(toError(thrown))
      deps.log.warn(
        { jobTaskId: lease.jobTaskId, err: toError(thrown).message },
        'lease not renewed, trying again',
      )
    }
    if (!isStopped) timer = setTimeout(renew, times.renewEveryMs)
  }

  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
