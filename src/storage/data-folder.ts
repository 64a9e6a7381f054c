import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { FailedPrecondition, toError } from '../core/errors.ts'
import { lockFolder } from './folder-lock.ts'

/** Raised when files in the data folder change in a way that an older release would misread. */
const FORMAT = 1

export type DataFolder = {
  /** The absolute path. */
  readonly path: string
  /** Lets another process have the folder. */
  release(): void
}

/**
 * Opens the folder with everything that Gleaner keeps on this machine, making it (mode 0700) if it is not there.
 * With `lock`, which an embedded database needs, no second process gets it.
 */
export async function openDataFolder(folder: string, { lock }: { lock: boolean }): Promise<DataFolder> {
  const absolute = path.resolve(folder)
  await makeFolder(absolute)
  const release = lock ? lockFolder(absolute) : () => {}
  try {
    await assertFormat(absolute)
    return { path: absolute, release }
  } catch (thrown) {
    release()
    throw thrown
  }
}

/** What a folder of ours has first; an interrupted start may have left no more, and who restores puts the key there before. */
const MARKS = ['format', 'format.new', 'lock', 'master.key']

/** A mistyped path must not fill somebody's home folder, nor close it to others. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(folder)
    const files = await readdir(folder)
    if (files.length > 0 && !files.some((file) => MARKS.includes(file))) {
      throw new Error('it is not empty and was not made by Gleaner')
    }
    await chmod(folder, 0o700)
  } catch (thrown) {
    throw new FailedPrecondition(
      'ERROR_DATA_FOLDER',
      `data folder ${folder} cannot be used: ${toError(thrown).message}. Nothing was touched. Start Gleaner as the user it belongs to, or choose an empty or new folder with GLEANER_DATA_DIR`,
      { cause: thrown },
    )
  }
}

/** As `mkdir` does with `recursive`, which never ends where nothing can be made in a folder that is there: below /proc, for one. */
async function makeWithParents(folder: string): Promise<void> {
  const make = () => mkdir(folder, { mode: 0o700 })
  try {
    await make().catch(async (thrown: unknown) => {
      if (!isMissing(thrown) || path.dirname(folder) === folder) throw thrown
      await makeWithParents(path.dirname(folder))
      await make()
    })
  } catch (thrown) {
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isThere) throw thrown
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}

async function assertFormat(folder: string): Promise<void> {
  const file = path.join(folder, 'format')
  const written = await readFile(file, 'utf8').catch(() => '')
  if (written === '') {
    await writeFile(`${file}.new`, `${FORMAT}\n`, { mode: 0o600 })
    await rename(`${file}.new`, file)
    return
  }
  if (Number(written) <= FORMAT) return
  throw new FailedPrecondition(
    'ERROR_DATA_FOLDER_TOO_NEW',
    `data folder ${folder} has format ${written.trim()}, this release of Gleaner knows ${FORMAT}: a newer release has used it. Nothing was changed. Start that newer release, or choose another folder with GLEANER_DATA_DIR`,
  )
}
