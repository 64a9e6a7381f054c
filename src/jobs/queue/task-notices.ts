import type { Logger } from '../../access/index.ts'
import { type Connection, type Listener, listen, type Transaction } from '../../storage/index.ts'

const CHANNEL = 'gleaner_task_canceled'

/** Tells workers that a task which they may be running has ended without them. */
export interface TaskNotices {
  /** Calls back with the id of each such task until the returned function is called. */
  onCanceled(notify: (jobTaskId: string) => void): Promise<() => Promise<void>>
}

/**
 * Notices over PostgreSQL's NOTIFY. One that is lost costs time only: the next renewal of the lease finds out
 * too.
 */
export function createTaskNotices(deps: {
  readonly connection: Connection
  readonly log: Logger
}): TaskNotices {
  return {
    async onCanceled(notify) {
      const listener: Listener = await listen({ ...deps, channel: CHANNEL, onNotice: notify })
      return () => listener.close()
    },
  }
}

/** Sends a notice for each of these tasks when the transaction commits. */
export async function noticeCanceled(tx: Transaction, jobTaskIds: readonly string[]): Promise<void> {
  if (jobTaskIds.length === 0) return
  await tx.query('select pg_notify($1, id) from unnest($2::text[]) as t(id)', [CHANNEL, jobTaskIds])
}
