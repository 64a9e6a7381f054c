import { join } from 'node:path'
import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot } from '../process/plugin-user.ts'
import type { Runtime } from './runtime.ts'
import { badImage } from './runtime.ts'

const ROOT = join(import.meta.dirname, '../../..')
const LAUNCHER = join(ROOT, 'sdk/src/launch.ts')

/** The share of the allowed memory that the JavaScript heap may take; the rest is buffers and code. */
const HEAP_SHARE = 0.6

/**
 * `builtin:<name>`: a plugin of this repository, below `plugins/<name>/`, in a Node process of its own. It is started as the server's
 * user and changes to the plugin's after its code is loaded, because that user often cannot read the folders the code is in.
 */
export const builtinRuntime: Runtime = {
  prefix: 'builtin:',
  async start(target, name, context, signal) {
    if (!/^[a-z0-9-]+$/.test(name))
      throw badImage(target, 'a built-in is named by lowercase letters, digits and dashes')
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    return PluginProcess.start(
      {
        ...target,
        command: process.execPath,
        args: [
          `--max-old-space-size=${Math.floor(settings.maxRssMb * HEAP_SHARE)}`,
          LAUNCHER,
          join(ROOT, 'plugins', name, 'src/plugin.ts'),
        ],
        folder,
        user,
        userSetBy: 'itself',
        settings,
        guard,
        log,
      },
      signal,
    )
  },
}
