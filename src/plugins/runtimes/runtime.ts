import type { Logger } from '../../access/index.ts'
import { PluginError } from '../plugin-error.ts'
import type { OrphanGuard } from '../process/orphan-guard.ts'
import type { RunningPlugin } from '../running-plugin.ts'
import type { PluginSettings } from '../settings.ts'
import type { RuntimeName } from './names.ts'

/** What is to be brought up. */
export type PluginTarget = { readonly pluginId: string; readonly version: string; readonly image: string }

/** What a runtime may use to do it. */
export type RuntimeContext = {
  readonly dataDir: string
  readonly settings: PluginSettings
  readonly guard: OrphanGuard
  readonly log: Logger
  /** This server's environment, for what it starts in its own name, such as npm. Plugins never see it. */
  readonly env: NodeJS.ProcessEnv
}

/** What a runtime may use to list versions. */
export type ListContext = Pick<RuntimeContext, 'dataDir' | 'settings' | 'env'>

/** One way of bringing a plugin up, chosen by how its image begins. */
export interface Runtime {
  readonly name: RuntimeName
  readonly prefix: string
  /** True when its images are pulled from a container registry. */
  readonly usesRegistry?: boolean
  /** True when what the image names runs on a worker's machine, whoever wrote it. */
  readonly runsPrograms?: boolean
  /**
   * What of an image says where its program comes from, if not all of it. What cannot be understood comes
   * from nowhere.
   */
  originOf?(rest: string): string
  /**
   * What is wrong with an image as such, without starting anything; `rest` is the image without the prefix.
   */
  findProblem(rest: string): string | undefined
  /** The versions there are of an image, newest first, where there is somebody to ask. */
  listVersions?(rest: string, context: ListContext, signal: AbortSignal): Promise<readonly string[]>
  /** `rest` is the image without the prefix. Throws `PluginError` when the plugin does not come up. */
  start(
    target: PluginTarget,
    rest: string,
    context: RuntimeContext,
    signal: AbortSignal,
  ): Promise<RunningPlugin>
}

/** An image locator that cannot be understood; nothing but changing it helps. */
export function badImage(target: PluginTarget, reason: string): PluginError {
  return new PluginError({
    pluginId: target.pluginId,
    during: 'start',
    kind: 'failed_precondition',
    code: 'ERROR_PLUGIN_IMAGE',
    message: `its image '${target.image}' cannot be used: ${reason}`,
    retryable: false,
  })
}
