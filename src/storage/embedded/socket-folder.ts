import { chown, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { canUse, type RunAs } from './run-as.ts'

/** A socket's whole path may have 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH_BYTES = 90
const SOCKET_FILE = '/.s.PGSQL.5432'

/** Makes a fresh folder for the server's socket that nobody but its user can enter (0700). */
export async function createSocketFolder(runAs: RunAs, temporaryFolder = os.tmpdir()): Promise<string> {
  const parent =
    isFitting(temporaryFolder) && canUse(runAs, [temporaryFolder], [temporaryFolder])
      ? temporaryFolder
      : '/tmp'
  const folder = await mkdtemp(path.join(parent, 'gleaner-'))
  if (runAs) await chown(folder, runAs.uid, runAs.gid)
  return folder
}

/** Removes a folder of `createSocketFolder` with what the server left in it, and nothing else. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!path.basename(folder).startsWith('gleaner-')) return
  await rm(folder, { recursive: true, force: true }).catch(() => {})
}

function isFitting(parent: string): boolean {
  return Buffer.byteLength(`${parent}/gleaner-XXXXXX${SOCKET_FILE}`) <= LONGEST_PATH_BYTES
}
