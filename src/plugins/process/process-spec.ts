import type { Logger } from '../../access/index.ts'
import type { PluginSettings } from '../settings.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import type { PluginFolder } from './plugin-folder.ts'
import type { PluginUser } from './plugin-user.ts'

/** Everything that decides how a plugin process is run. */
export type ProcessSpec = {
  readonly pluginId: string
  readonly version: string
  readonly command: string
  readonly args: readonly string[]
  readonly folder: PluginFolder
  readonly user: PluginUser | undefined
  /**
   * `host`: spawned as that user. `itself`: our own launcher, which starts as root and changes to it before
   * it serves.
   */
  readonly userSetBy: 'host' | 'itself'
  /** Folder where Node keeps compiled code, for our own launcher. */
  readonly cacheDir?: string
  /** The port it was told to serve on, when it is one that does not say so itself. */
  readonly givenPort?: number
  readonly settings: PluginSettings
  readonly guard: OrphanGuard
  readonly log: Logger
}
