import { storeFailures } from '../../inventory/write/index.ts'
import type { Database } from '../../storage/index.ts'
import { type CellName, isNamed, NO_NAME } from '../cells.ts'
import { listWithheld } from '../sql/run-facts.ts'
import type { SettledRun } from './settle-run.ts'

/**
 * Keeps like any other failure what the plugin has opened and not completed, so that it withholds also the
 * receipt that a later part of the same work earns; not where the plugin has said itself why it did not
 * complete the scope.
 */
export async function noteUnfinished(db: Database, run: SettledRun): Promise<void> {
  if (run.declaration.unfinished.length === 0) return
  const withheld = await listWithheld(db, run, [{ seq: run.taskSeq, attempt: run.attempt }])
  const unexplained = run.declaration.unfinished.filter(
    (scope) => !withheld.some((name) => isNamed(scope, name)),
  )
  await noteDoubts(
    db,
    run,
    unexplained,
    'the plugin began to list this and did not say that it had listed it completely',
  )
}

/** Why a run that was read to its end, and could read everything, is no proof all the same. */
const UNPROVEN = {
  mixed: 'its parts ran under different options, plugin versions or secrets',
  undeclared: 'the plugin did not declare of anything known that it had listed it completely',
} as const

/**
 * Keeps it as a failure of everything: that there was such a run is known for as long as its job is, and what
 * the ledger says must not change with that.
 */
export async function noteUnproven(db: Database, run: SettledRun, why: keyof typeof UNPROVEN): Promise<void> {
  await noteDoubts(db, run, [NO_NAME], UNPROVEN[why])
}

async function noteDoubts(
  db: Database,
  run: SettledRun,
  names: readonly CellName[],
  message: string,
): Promise<void> {
  if (names.length === 0) return
  const failures = names.map((named) => ({ class: 'partial' as const, named, message, resourceIds: [] }))
  await db.transaction(async (tx) => {
    await storeFailures(tx, run, failures)
    await run.recordEvidence(tx, { disconnected: 0, deleted: 0 })
  })
}
