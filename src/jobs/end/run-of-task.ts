import { noteRun } from '../../coverage/index.ts'
import { closeRun } from '../../inventory/index.ts'
import type { Transaction } from '../../storage/index.ts'

/** What of a task names the run that it was, and what the run brought. */
export type RunOfTask = {
  readonly jobTaskId: string
  readonly seq: number
  readonly contributorId: number
  readonly epoch: string
  readonly hasChanged: boolean
}

/** Closes the run of a task that has been taken at least once, in the transaction that ends the task. */
export async function endRun(
  tx: Transaction,
  { domainId, jobTaskId, seq, contributorId, epoch, hasChanged }: RunOfTask & { readonly domainId: string },
  { complete, at }: { readonly complete: boolean; readonly at: Date },
): Promise<void> {
  const seen = await closeRun(tx, {
    domainId,
    contributorId,
    taskSeq: seq,
    jobTaskId,
    complete,
    finishedAt: at,
  })
  await noteRun(tx, { domainId, contributorId, taskSeq: seq, epoch, seen, hasChanged, complete })
}
