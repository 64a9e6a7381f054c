import type { Logger } from '../../access/index.ts'
import { toError, Unavailable } from '../../core/errors.ts'
import type { Database } from '../../storage/index.ts'
import type { TaskLease } from '../task.ts'
import { LeaseLost } from './lease-lost.ts'
import { renewLease } from './renew-lease.ts'

/** How long a lease lasts without renewal, and how often it is renewed, in milliseconds. */
export type LeaseTimes = { readonly leaseMs: number; readonly renewEveryMs: number }

type LeaseKeeper = { stop(): void }

/**
 * Renews a lease until it is told to stop. Calls `onLost` once when the task has moved on, and also when the
 * database has not answered for a whole lease: by then somebody else may own the task, and going on would be
 * wasted work. (What the attempt might still write is stopped by the fence, not by this.)
 */
export function keepLease(
  deps: { readonly db: Database; readonly log: Logger },
  lease: TaskLease,
  times: LeaseTimes,
  onLost: (reason: Error) => void,
): LeaseKeeper {
  let failure: Error | undefined
  let renewing = setTimeout(renew, times.renewEveryMs)
  // Of its own: a renewal that gets no answer has no end either.
  let losing = setTimeout(lose, times.leaseMs)
  let isOver = false

  async function renew(): Promise<void> {
    const askedAt = performance.now()
    try {
      await renewLease(deps.db, lease, times.leaseMs)
      if (isOver) return
      failure = undefined
      clearTimeout(losing)
      losing = setTimeout(lose, askedAt + times.leaseMs - performance.now())
    } catch (thrown) {
      if (isOver) return
      failure = toError(thrown)
      if (thrown instanceof LeaseLost) return lose()
      deps.log.warn({ jobTaskId: lease.jobTaskId, err: failure.message }, 'lease not renewed, trying again')
    }
    renewing = setTimeout(renew, times.renewEveryMs)
  }

  function lose(): void {
    stop()
    onLost(failure ?? unanswered(times.leaseMs))
  }

  function stop(): void {
    isOver = true
    clearTimeout(renewing)
    clearTimeout(losing)
  }

  return { stop }
}

function unanswered(leaseMs: number): Unavailable {
  return new Unavailable(
    'ERROR_DATABASE_UNAVAILABLE',
    `the database has not answered for ${leaseMs / 1_000} s, as long as a lease lasts: another worker may have the task by now, so that this attempt ends`,
  )
}
