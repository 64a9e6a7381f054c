import { join } from 'node:path'
import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot } from '../process/plugin-user.ts'
import { heapLimit, LAUNCHER, ROOT } from './launcher.ts'
import type { Runtime } from './runtime.ts'
import { badImage } from './runtime.ts'

/** The modules that can be run by name. `sample` is the SDK's example; it is only registered by tests and authors. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ['aws', 'plugins/aws/src/plugin.ts'],
  ['azure', 'plugins/azure/src/plugin.ts'],
  ['docker', 'plugins/docker/src/plugin.ts'],
  ['google-cloud', 'plugins/google-cloud/src/plugin.ts'],
  ['host', 'plugins/host/src/plugin.ts'],
  ['http-json', 'plugins/http-json/src/plugin.ts'],
  ['kubernetes', 'plugins/kubernetes/src/plugin.ts'],
  ['postgresql', 'plugins/postgresql/src/plugin.ts'],
  ['terraform', 'plugins/terraform/src/plugin.ts'],
  ['sample', 'sdk/src/sample/plugin.ts'],
])

const KNOWN = `built in are: ${[...MODULES.keys()].join(', ')}`

/**
 * `builtin:<name>`: a plugin of this repository in a Node process of its own. It is started as the server's
 * user and changes to the plugin's after its code is loaded, because that user often cannot read the folders the code is in.
 */
export const builtinRuntime: Runtime = {
  name: 'builtin',
  prefix: 'builtin:',
  findProblem: (name) => (MODULES.has(name) ? undefined : KNOWN),
  async start(target, name, context, signal) {
    const module = MODULES.get(name)
    if (module === undefined) throw badImage(target, KNOWN)
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    return PluginProcess.start(
      {
        ...target,
        command: process.execPath,
        args: [heapLimit(settings), LAUNCHER, join(ROOT, module)],
        folder,
        user,
        userSetBy: 'itself',
        cacheDir: join(dataDir, 'plugins', 'compiled'),
        settings,
        guard,
        log,
      },
      signal,
    )
  },
}
