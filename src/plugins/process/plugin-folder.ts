import { chmod, chown, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { toError } from '../../core/errors.ts'
import { PluginError } from '../plugin-error.ts'
import type { PluginUser } from './plugin-user.ts'

export type PluginFolder = { readonly path: string; remove(): Promise<void> }

/**
 * Makes the folder a plugin process lives in: `plugins/<id>/` below the data folder, closed to everybody
 * else. A data folder that the plugin's user cannot walk through (a clone below a private home) is replaced
 * by a temporary folder, removed with the process. A folder that cannot be made, as on a full disk, is a
 * `PluginError` that may pass.
 */
export async function preparePluginFolder(input: FolderInput): Promise<PluginFolder> {
  try {
    return await makeFolder(input)
  } catch (thrown) {
    throw new PluginError({
      pluginId: input.pluginId,
      during: 'start',
      kind: 'unavailable',
      code: 'ERROR_PLUGIN_START',
      message: `it has no folder to run in: ${toError(thrown).message}; look at the disk of the data folder`,
      retryable: true,
      cause: thrown,
    })
  }
}

type FolderInput = {
  readonly dataDir: string
  readonly pluginId: string
  readonly user: PluginUser | undefined
}

async function makeFolder(input: FolderInput): Promise<PluginFolder> {
  const parent = join(input.dataDir, 'plugins')
  await mkdir(parent, { recursive: true, mode: 0o755 })
  const { user } = input
  if (user !== undefined && !(await isTraversable(parent, user))) return makeTemporary(user)
  const path = join(parent, folderName(input.pluginId))
  await mkdir(path, { recursive: true, mode: 0o700 })
  await close(path, user)
  return { path, remove: async () => {} }
}

async function makeTemporary(user: PluginUser): Promise<PluginFolder> {
  const path = await mkdtemp(join(tmpdir(), 'gleaner-plugin-'))
  await close(path, user)
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

async function close(path: string, user: PluginUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid)
  await chmod(path, 0o700)
}

/** A plugin id as one plain folder name: no separators, no leading dot. */
function folderName(pluginId: string): string {
  return encodeURIComponent(pluginId).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length))
}

/** Whether a user can walk to a folder from the root. */
export async function isTraversable(folder: string, user: PluginUser): Promise<boolean> {
  for (let path = await realpath(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}
