import { GleanerError } from '../../core/errors.ts'
import type { TaskLease } from '../task.ts'

/**
 * The task moved on without this attempt: taken over by another worker, or canceled. Nothing may be written
 * for it.
 */
export class LeaseLost extends GleanerError {
  constructor(lease: TaskLease) {
    super(
      'conflict',
      'ERROR_LEASE_LOST',
      `job task '${lease.jobTaskId}' no longer belongs to attempt ${lease.attempt}: it was canceled or taken over. This attempt writes nothing more`,
    )
  }
}
