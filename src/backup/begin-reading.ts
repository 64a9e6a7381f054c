import { FailedPrecondition } from '../core/errors.ts'
import { type AppliedMigration, assertSameHistory, readMigrations } from '../storage/index.ts'
import type { Session } from '../storage/transfer/index.ts'
import { ownNames, readApplied } from './contents.ts'

export type Source = {
  /** See `ownNames`. */
  readonly own: readonly string[]
  /** What the database has gone through. */
  readonly applied: readonly AppliedMigration[]
}

/**
 * Begins the transaction in which the session sees one instant until its end. Throws where there is nothing of ours, and where a newer
 * release has been, of whose tables this one knows nothing.
 */
export async function beginReading(session: Session, migrationsFolder: string): Promise<Source> {
  const migrations = await readMigrations(migrationsFolder)
  await session.query('begin isolation level repeatable read read only')
  const applied = await readApplied(session)
  if (applied.length === 0) throw nothingThere()
  assertSameHistory(migrations, applied)
  return { own: ownNames(migrations), applied }
}

function nothingThere(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_DATABASE_MISSING',
    'no Gleaner has been started on this database, so there is nothing to take from it. Nothing was written. Name the database with DATABASE_URL or GLEANER_DATA_DIR, as the server has it',
  )
}
