import { randomBytes } from 'node:crypto'
import { chmod, link, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { FailedPrecondition, toError } from '../../core/errors.ts'
import type { KeySource } from './key-source.ts'
import { parseKeys } from './parse-keys.ts'

const HEADER = `# Master keys of Gleaner, the newest last. Without them no stored secret can be opened: keep a copy where no copy of
# the database is.
`

/**
 * Master keys in a file that only its owner may read. Processes that share it find what one of them adds. It is
 * written beside itself and moved into place, so that a crash leaves the old one.
 */
export function fileSource(path: string): KeySource {
  const file = resolve(path)
  const name = `the key file ${file}`
  return {
    name,
    howToAdd: `append the new key as a line to ${file}`,
    load: async () => parseKeys(await readPrivate(file), name),
    create: () => createFile(file),
    add: () => appendKey(file),
  }
}

async function readPrivate(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r')
    try {
      const { mode } = await handle.stat()
      // Others must not have been able to read it, else it has to be taken for known.
      if ((mode & 0o077) !== 0) throw new TooOpen(file, mode)
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (isMissing(thrown)) return ''
    throw thrown instanceof FailedPrecondition ? thrown : unusable(file, thrown)
  }
}

/** Leaves a file that is there as it is: another process that started at the same time has made the first key. */
async function createFile(file: string): Promise<void> {
  await writeNewKeyFile(file, newLine())
}

/** Writes keys, a line each, into a file that is not there; one that is there stays as it is. */
export async function writeNewKeyFile(file: string, keys: string): Promise<void> {
  await replace(file, HEADER + keys, (draft) => link(draft, file).catch(ignoreExisting))
}

async function appendKey(file: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw unusable(file, thrown)
  })
  await replace(file, before.replace(/\n?$/, '\n') + newLine(), (draft) => rename(draft, file))
}

function newLine(): string {
  return `${randomBytes(32).toString('base64')}\n`
}

async function replace(file: string, text: string, put: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`
  try {
    await writeDurably(draft, text)
    await put(draft)
    await syncFolder(dirname(file))
  } catch (thrown) {
    throw unusable(file, thrown)
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(file, 0o600)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ignoreExisting(thrown: unknown): void {
  if (toError(thrown).message.startsWith('EEXIST')) return
  throw thrown
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}

function unusable(file: string, thrown: unknown): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_MASTER_KEY',
    `the key file ${file} cannot be used: ${toError(thrown).message}. No secret was touched. Give it to the user that Gleaner runs as, with mode 0600, or name another one with GLEANER_MASTER_KEY_FILE`,
    { cause: thrown },
  )
}

class TooOpen extends FailedPrecondition {
  constructor(file: string, mode: number) {
    super(
      'ERROR_MASTER_KEY',
      `the key file ${file} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}, so others than its owner may have read the keys of all secrets. No secret was touched. Close it with chmod 600, then replace its key: gleaner secrets rotate`,
    )
  }
}
