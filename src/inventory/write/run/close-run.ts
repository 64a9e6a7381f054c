import type { Transaction } from '../../../storage/index.ts'
import { forEachRun, SlotSet } from '../../decode/index.ts'

export type ClosedRun = {
  readonly domainId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly jobTaskId: string
  /** True when one attempt's stream was read to its end with status OK. */
  readonly complete: boolean
  readonly finishedAt: Date
}

/**
 * Folds the sightings of all attempts of a task into its run row, in the transaction that finishes the task,
 * whatever its end: also a failed run has seen what it has seen. Returns the slots it saw.
 */
export async function closeRun(tx: Transaction, run: ClosedRun): Promise<SlotSet> {
  const key = [run.domainId, run.contributorId, run.taskSeq]
  const rows = await tx.query<{ slots: Buffer }>(
    'delete from sighting where domain_id = $1 and contributor_id = $2 and task_seq = $3 returning slots',
    key,
    { name: 'take_sightings' },
  )
  const seen = new SlotSet()
  for (const { slots } of rows) forEachRun(slots, (first, end) => seen.addRun(first, end))
  await tx.query(
    `insert into run (domain_id, contributor_id, task_seq, job_task_id, seen, seen_count, complete, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (domain_id, contributor_id, task_seq) do nothing`,
    [...key, run.jobTaskId, seen.toBytes(), seen.count, run.complete, run.finishedAt],
    { name: 'insert_run' },
  )
  return seen
}
