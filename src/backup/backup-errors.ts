import { FailedPrecondition, GleanerError, toError, Unavailable } from '../core/errors.ts'

/** What is no whole backup is refused, with what is wrong. */
export function damaged(folder: string, what: string, cause?: unknown): GleanerError {
  return new FailedPrecondition(
    'ERROR_BACKUP_DAMAGED',
    `the backup in ${folder} is damaged or not complete: ${what}. Nothing was restored from it. Use another one`,
    { cause },
  )
}

export function backupTooNew(folder: string, madeBy: string): GleanerError {
  return new FailedPrecondition(
    'ERROR_BACKUP_TOO_NEW',
    `the backup in ${folder} was made by Gleaner ${madeBy}, which is newer than this one and knows more. Nothing was restored from it. Restore it with that release or a later one`,
  )
}

/** The folder that a backup should be written to cannot be used. */
export function folderUnusable(folder: string, what: string, cause?: unknown): GleanerError {
  return new FailedPrecondition(
    'ERROR_BACKUP_FOLDER',
    `no backup can be written to ${folder}: ${what}. Nothing was written. Name a folder that is not there yet, in one that is`,
    { cause },
  )
}

/** There is something in the database that a backup should be restored into. */
export function targetNotEmpty(where: string, what: string): GleanerError {
  return new FailedPrecondition(
    'ERROR_RESTORE_TARGET',
    `the database ${where} is not empty: ${what}. Nothing was changed. Give an empty database, which no server has been started on`,
  )
}

/** The keys that should be kept with a backup are not those that its secrets are sealed under. */
export function keysMissing(
  from: string,
  missing: readonly { readonly version: number; readonly fingerprint: string }[],
): GleanerError {
  const names = missing.map(
    ({ version, fingerprint }) => `version ${version} (fingerprint ${fingerprint.slice(0, 12)})`,
  )
  const which =
    names.length === 0 ? 'any master key' : `master key ${names.join(', ')}, under which secrets are sealed`
  return new FailedPrecondition(
    'ERROR_MASTER_KEY',
    `${from} does not hold ${which}. Nothing was written. Run this as the user of the server, with the server's options and environment, or leave the key out`,
  )
}

/** What was stored is not what was read. */
export function mismatch(what: string): GleanerError {
  return new FailedPrecondition(
    'ERROR_RESTORE_MISMATCH',
    `what the database holds now is not what was to be stored in it: ${what}. It was emptied again. Try another PostgreSQL or another disk, and report it`,
  )
}

/** A full disk is told as such, whoever met it, and so is a role from which rows are hidden. */
export function whileWriting(folder: string, thrown: unknown): Error {
  const error = toError(thrown)
  if (!('code' in error)) return error
  if (error.code === 'ERROR_PERMISSION_DENIED') return rowsHidden(error)
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' ? diskFull(folder, error) : error
}

function diskFull(folder: string, cause: Error): GleanerError {
  return new Unavailable(
    'ERROR_DISK_FULL',
    `the disk of ${folder} is full. What was written of the backup was removed. Free some space, or choose another place`,
    { cause },
  )
}

function rowsHidden(cause: Error): GleanerError {
  return new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'row-level security hides rows of the tables from the user of DATABASE_URL, which is not their owner. Nothing was written. Back up as the user that the server has',
    { cause },
  )
}
