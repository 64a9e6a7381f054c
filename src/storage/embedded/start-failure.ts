import { FailedPrecondition, type GleanerError, Unavailable } from '../../core/errors.ts'

/** What PostgreSQL says when it cannot start, and what then helps. */
const KNOWN = [
  { says: /No space left on device|disk quota/i, help: 'Free some disk space', code: 'ERROR_DISK_FULL' },
  {
    says: /permission denied|wrong ownership|invalid permissions/i,
    help: 'The files belong to another user: start Gleaner as the user who made the data folder, or as root',
    code: 'ERROR_DATABASE_START',
  },
  {
    says: /shared memory|Cannot allocate memory/i,
    help: 'The machine has too little memory or shared memory free',
    code: 'ERROR_DATABASE_START',
  },
]

/** The embedded server did not come up: its own last words, and what to do about them. */
export function startFailure(what: string, folder: string, output: string, logFile?: string): GleanerError {
  const words = output.trim().split('\n').slice(-12).join('\n  ')
  const known = KNOWN.find(({ says }) => says.test(output))
  const help = known?.help ?? 'Look at what it says'
  const message = `the embedded database in ${folder} ${what}. Stored data is unharmed. ${help}${logFile ? `; its log is ${logFile}` : ''}. It said:\n  ${words || '(nothing)'}`
  if (known?.code === 'ERROR_DISK_FULL') return new Unavailable(known.code, message)
  return new FailedPrecondition(known?.code ?? 'ERROR_DATABASE_START', message)
}
