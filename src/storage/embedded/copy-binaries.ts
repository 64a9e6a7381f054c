import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { FailedPrecondition, toError } from '../../core/errors.ts'
import type { Log } from '../log.ts'
import type { Link } from './binaries.ts'

type CopyOptions = {
  readonly from: string
  readonly links: readonly Link[]
  /** Whether the database user can run a copy at this place. */
  readonly isUsable: (folder: string) => boolean
  /** Folders that may hold the copy, best first. */
  readonly places: readonly string[]
  readonly id: string
  readonly log: Log
}

/** Written last: a copy without it was interrupted. */
const MARKER = 'complete'

/** Copies the package once to a place that the database user reaches, and reuses that copy from then on. */
export async function copyBinaries({ from, links, isUsable, places, id, log }: CopyOptions): Promise<string> {
  const problems: string[] = []
  for (const parent of places) {
    const target = path.join(parent, `postgres-${id}`)
    try {
      if (!(await isOwnCopy(target))) {
        await copyTo(target, from, links)
        log.info({ folder: target }, 'copied PostgreSQL to where its user can run it')
      }
      if (isUsable(target)) return target
      problems.push(`${target}: its user cannot run programs there`)
    } catch (thrown) {
      problems.push(`${target}: ${toError(thrown).message}`)
    }
  }
  throw new FailedPrecondition(
    'ERROR_DATABASE_BINARIES',
    `PostgreSQL's programs cannot be run by its user from ${from}, and no copy could be made (${problems.join('; ')}). No data was touched. Make one of these places usable, start Gleaner as an ordinary user, or point DATABASE_URL at a PostgreSQL`,
  )
}

/** Temporary folders are open to everybody: what is not ours alone may have been planted. */
async function isOwnCopy(folder: string): Promise<boolean> {
  if (!(await isOwnFolder(path.dirname(folder))) || !(await isOwnFolder(folder))) return false
  return (await lstat(path.join(folder, MARKER)).catch(() => undefined))?.isFile() === true
}

async function isOwnFolder(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

/** The finished copy appears at once or not at all; when another process was first, its copy stays. */
async function copyTo(target: string, from: string, links: readonly Link[]): Promise<void> {
  const parent = path.dirname(target)
  if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755)
  if (!(await isOwnFolder(parent))) throw new Error('the folder above it belongs to somebody else')
  const draft = await mkdtemp(`${target}.`)
  try {
    for (const part of ['bin', 'lib', 'share']) {
      await cp(path.join(from, part), path.join(draft, part), { recursive: true, filter: isNeeded })
    }
    for (const link of links) await symlink(link.target, path.join(draft, link.path))
    await openToAll(draft)
    await writeFile(path.join(draft, MARKER), '')
    await rename(draft, target)
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isOwnCopy(target))) throw thrown
  }
}

/** Leaves out what only compilers need, a third of the size, and links, which are made anew. */
async function isNeeded(source: string): Promise<boolean> {
  if (source.endsWith('.a') || /^(pkgconfig|pgxs)$/.test(path.basename(source))) return false
  return !(await lstat(source)).isSymbolicLink()
}

/** An install under a strict umask has files that only root can read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || path.basename(entry.parentPath) === 'bin'
    await chmod(file, isProgram ? 0o755 : 0o644)
  }
}
