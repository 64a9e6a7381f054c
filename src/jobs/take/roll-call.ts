import { toError, Unavailable } from '../../core/errors.ts'
import type { Database } from '../../storage/index.ts'
import { giveUpUnserved, UNSERVED_AT_ONCE, type UnservedDeps } from './give-up-unserved.ts'

/** How often a worker says that it is there. */
const RENEW_EVERY_MS = 2_000

/** Longest pause between two looks for tasks that no worker may run. */
const CHECK_EVERY_MS = 10_000

// Rows of workers that died without a word are of no use after an hour.
const RENEW = `
with gone as (delete from worker where seen_at < now() - interval '1 hour')
insert into worker (worker_id, labels) values ($1, $2::text[])
on conflict (worker_id) do update set labels = excluded.labels, seen_at = now()`

export type RollCall = {
  /** Says that the worker is there, and now and then gives up what none of those that are there may run. */
  answer(): Promise<void>
  /** Says that it is gone. */
  leave(): Promise<void>
}

/** What a worker does so that others know of it, and tasks whose workers never come do not wait for ever. */
export function createRollCall(
  deps: UnservedDeps,
  worker: { readonly id: string; readonly labels: readonly string[]; readonly unservedAfterMs: number },
): RollCall {
  const checkEveryMs = Math.min(CHECK_EVERY_MS, worker.unservedAfterMs / 4)
  let renewAtMs = 0
  let checkAtMs = 0

  /** What fails here keeps nobody from working; while the database is away there is no work either. */
  async function lookForUnserved(): Promise<void> {
    try {
      const found = await giveUpUnserved(deps, worker.unservedAfterMs)
      if (found === UNSERVED_AT_ONCE) checkAtMs = 0
    } catch (thrown) {
      if (thrown instanceof Unavailable) throw thrown
      deps.log.error(
        { workerId: worker.id, err: toError(thrown) },
        'worker could not look for tasks that no worker may run',
      )
    }
  }

  return {
    async answer() {
      const nowMs = performance.now()
      if (nowMs >= renewAtMs) {
        await noteWorker(deps.db, worker)
        renewAtMs = nowMs + RENEW_EVERY_MS
      }
      if (nowMs < checkAtMs) return
      // Before the look, so that one that fails is not made again with each look for work.
      checkAtMs = nowMs + checkEveryMs
      await lookForUnserved()
    },
    async leave() {
      await deps.db.query('delete from worker where worker_id = $1', [worker.id])
    },
  }
}

/** Enters or renews a worker in the list of those that live. */
export async function noteWorker(
  db: Database,
  { id, labels }: { readonly id: string; readonly labels: readonly string[] },
): Promise<void> {
  await db.query(RENEW, [id, labels], { name: 'note_worker' })
}
