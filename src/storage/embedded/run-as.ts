import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { FailedPrecondition } from '../../core/errors.ts'

/**
 * The user that PostgreSQL runs as; undefined means ourselves. Node clears the supplementary groups with it.
 */
export type RunAs = { readonly uid: number; readonly gid: number } | undefined

/**
 * How long a command may take that only looks at something. Directories of users on the network may not
 * answer at all.
 */
export const COMMAND_WITHIN_MS = 30_000

/** A dedicated user comes first; `nobody` is there on every system. */
const USERS = ['postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root, so that root needs another user for it: the one who owns the files
 * already, else the one configured, else the first that exists here.
 */
export function chooseRunAs(databaseFolder: string, configuredUser: string | undefined): RunAs {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(databaseFolder, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  for (const name of configuredUser === undefined ? USERS : [configuredUser]) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid }
  }
  throw new FailedPrecondition(
    'ERROR_DATABASE_USER',
    `PostgreSQL cannot run as root, and ${configuredUser ? `user '${configuredUser}' does` : 'the users postgres and nobody do'} not exist on this machine (or have no user id but root's). No data was touched. Create one of them, start Gleaner as an ordinary user, or point DATABASE_URL at a PostgreSQL`,
  )
}

/**
 * True when that user can read each of the files and run the programs: modes, ACLs and mount options
 * included.
 */
export function canUse(runAs: RunAs, files: readonly string[], programs: readonly string[] = []): boolean {
  const script =
    'p=$1; shift; for f; do test -r "$f" || exit 1; if [ "$p" -gt 0 ]; then test -x "$f" || exit 1; fi; p=$((p-1)); done'
  const { status } = spawnSync(
    '/bin/sh',
    ['-c', script, 'sh', String(programs.length), ...programs, ...files],
    {
      ...runAs,
      cwd: '/',
      stdio: 'ignore',
      timeout: COMMAND_WITHIN_MS,
    },
  )
  return status === 0
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, '--', name], {
    encoding: 'utf8',
    timeout: COMMAND_WITHIN_MS,
  })
  return status === 0 ? Number.parseInt(stdout, 10) : undefined
}
