import { existsSync } from 'node:fs'
import path from 'node:path'
import { FailedPrecondition } from '../../core/errors.ts'
import { DATABASE_FOLDER } from './start-embedded.ts'

/** Where in the data folder an embedded database is while it is restored. */
export const UNFINISHED_FOLDER = `${DATABASE_FOLDER}.restoring`

/** A server must not begin anew with an empty database where a restore was interrupted. */
export function assertNotUnfinished(dataDir: string): void {
  if (existsSync(path.join(dataDir, DATABASE_FOLDER)) || !existsSync(path.join(dataDir, UNFINISHED_FOLDER)))
    return
  throw new FailedPrecondition(
    'ERROR_RESTORE_UNFINISHED',
    `a restore into ${dataDir} was interrupted, and its database is not complete. Nothing was started. Run the restore again, or remove ${path.join(dataDir, UNFINISHED_FOLDER)} to begin with an empty database`,
  )
}
