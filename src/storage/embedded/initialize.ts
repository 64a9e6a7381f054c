import { spawn } from 'node:child_process'
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { FailedPrecondition } from '../../core/errors.ts'
import { assertFreeSpace } from '../free-space.ts'
import type { Binaries } from './binaries.ts'
import type { RunAs } from './run-as.ts'
import { HERE, SERVER_ENVIRONMENT } from './server-process.ts'
import { startFailure } from './start-failure.ts'

export type InitializeOptions = {
  readonly binaries: Binaries
  readonly databaseFolder: string
  readonly runAs: RunAs
  readonly superuser: string
  readonly password: string
  /** Folder of the server's user, for the moment in which it reads the password from a file. */
  readonly privateFolder: string
  readonly isDurable: boolean
}

/**
 * Creates the database files unless they are there. They are made beside their place and moved into it when
 * complete, so that an interrupted attempt is simply made again.
 */
export async function initialize(options: InitializeOptions): Promise<void> {
  const { databaseFolder, binaries } = options
  const existing = await readFile(path.join(databaseFolder, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (existing !== undefined) return assertSameRelease(existing.trim(), binaries, databaseFolder)
  const parent = path.dirname(databaseFolder)
  await assertFreeSpace(parent)
  const draft = `${databaseFolder}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  if (options.runAs) await chown(draft, options.runAs.uid, options.runAs.gid)
  await makeFiles(draft, options)
  await rename(draft, databaseFolder)
  await syncFolder(parent)
}

function assertSameRelease(release: string, { version }: Binaries, folder: string): void {
  if (Number.parseInt(version, 10) === Number(release)) return
  throw new FailedPrecondition(
    'ERROR_DATA_FOLDER_DATABASE_VERSION',
    `the database in ${folder} was written by PostgreSQL ${release}, this Gleaner brings PostgreSQL ${version}; their files are not compatible. Nothing was changed. Start the Gleaner release that wrote it. To go on with this one, make a backup with that release, and restore it with this one into a new data folder`,
  )
}

/** Writes everything in a stopped server's folder to the disk, which a server without `fsync` has left to the system. */
export async function syncDatabaseFolder(
  folder: string,
  { binaries, runAs }: Pick<InitializeOptions, 'binaries' | 'runAs'>,
): Promise<void> {
  await runInitdb(folder, ['-D', HERE ?? folder, '--sync-only'], { binaries, runAs })
}

async function makeFiles(folder: string, options: InitializeOptions): Promise<void> {
  const { binaries, runAs, superuser, password, privateFolder, isDurable } = options
  const passwordFile = path.join(privateFolder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (runAs) await chown(passwordFile, runAs.uid, runAs.gid)
  const args = ['-D', HERE ?? folder, '-U', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  args.push('--data-checksums', '--encoding=UTF8', '--no-instructions', ...localeArguments(binaries.version))
  if (!isDurable) args.push('--no-sync')
  await runInitdb(folder, args, options).finally(() => rm(passwordFile, { force: true }))
}

async function runInitdb(
  folder: string,
  args: readonly string[],
  { binaries, runAs }: Pick<InitializeOptions, 'binaries' | 'runAs'>,
): Promise<void> {
  const child = spawn(path.join(binaries.folder, 'bin', 'initdb'), args, {
    ...runAs,
    cwd: folder,
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  )
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw startFailure('could not be created', folder, `${out}\n${err}`)
}

/**
 * Sorted by code point whatever the machine's locale says or a system upgrade changes (a changed sort order
 * corrupts indexes silently); the built-in provider still knows upper and lower case of all letters.
 */
function localeArguments(version: string): string[] {
  if (Number.parseInt(version, 10) < 17) return ['--locale=C']
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
}

/** Makes what was renamed in it last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => {})
  await handle.close()
}
