import { type Database, sqlState, type Transaction, type TransactionOptions } from '../../storage/index.ts'
import { TargetMoved } from './batch/batch.ts'

/** Other writers may be faster a few times; after that something is wrong. */
const MAX_TRIES = 8

/**
 * unique violation, deadlock, serialization failure: the same work, tried again, sees what the other has
 * written.
 */
const CONFLICTS: ReadonlySet<string> = new Set(['23505', '40P01', '40001'])

/**
 * Runs a transaction that writes inventory, and runs it again when another writer was faster; it is told how
 * often.
 */
export async function retryConflicts<T>(
  db: Database,
  run: (tx: Transaction, tries: number) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction((tx) => run(tx, tries), options)
    } catch (thrown) {
      if (tries >= MAX_TRIES || !isConflict(thrown)) throw thrown
    }
  }
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof TargetMoved || CONFLICTS.has(sqlState(thrown) ?? '')
}
