import { UNPINNED } from './machine-label.ts'

/** Of a worker that has not been heard of for so long nobody expects that it takes anything. */
export const LIVE = `seen_at > now() - interval '30 seconds'`

/**
 * True, in SQL, of a lane with a selector that no live worker may serve. One that waits for its machine is
 * served by whoever meets the rest of its selector; one without a selector by everybody, so that it waits for
 * a server and not for a worker.
 */
export function isUnserved(lane: string): string {
  return `(${lane}.selector <> '{}'
     and not exists (select 1 from worker where ${LIVE} and array_remove(${lane}.selector, '${UNPINNED}') <@ labels))`
}
