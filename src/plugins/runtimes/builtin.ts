import { join } from 'node:path'
import { SOURCE_SUFFIX } from '../../core/packaged.ts'
import { preparePluginFolder } from '../process/plugin-folder.ts'
import { PluginProcess } from '../process/plugin-process.ts'
import { choosePluginUser, isRoot } from '../process/plugin-user.ts'
import { heapLimit, LAUNCHER, ROOT } from './launcher.ts'
import type { Runtime } from './runtime.ts'
import { badImage } from './runtime.ts'

/**
 * The folders of the modules that can be run by name. `sample` is the SDK's example; it is only registered by
 * tests and authors.
 */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['aws', 'plugins/aws/src'],
  ['azure', 'plugins/azure/src'],
  ['docker', 'plugins/docker/src'],
  ['google-cloud', 'plugins/google-cloud/src'],
  ['host', 'plugins/host/src'],
  ['http-json', 'plugins/http-json/src'],
  ['kubernetes', 'plugins/kubernetes/src'],
  ['postgresql', 'plugins/postgresql/src'],
  ['terraform', 'plugins/terraform/src'],
  ['sample', 'sdk/src/sample'],
])

const KNOWN = `built in are: ${[...FOLDERS.keys()].join(', ')}`

/**
 * `builtin:<name>`: a plugin of this repository in a Node process of its own. It is started as the server's
 * user and changes to the plugin's after its code is loaded, because that user often cannot read the folders
 * the code is in.
 */
export const builtinRuntime: Runtime = {
  name: 'builtin',
  prefix: 'builtin:',
  findProblem: (name) => (FOLDERS.has(name) ? undefined : KNOWN),
  async start(target, name, context, signal) {
    const source = FOLDERS.get(name)
    if (source === undefined) throw badImage(target, KNOWN)
    const { settings, dataDir, guard, log } = context
    const user = choosePluginUser(target.pluginId, settings.dropPrivileges && isRoot())
    const folder = await preparePluginFolder({ dataDir, pluginId: target.pluginId, user })
    return PluginProcess.start(
      {
        ...target,
        command: process.execPath,
        args: [heapLimit(settings), LAUNCHER, join(ROOT, source, `plugin${SOURCE_SUFFIX}`)],
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
