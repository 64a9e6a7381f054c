import { flushCompileCache } from 'node:module'
import { createLog } from '../log.ts'
import { dropPrivileges, readIdentity } from './drop-privileges.ts'
import { loadPlugin } from './load-plugin.ts'
import { redirectConsole } from './redirect-console.ts'
import { runPlugin } from './run-plugin.ts'

/** Loads the plugin that the command line names, gives up root, and serves it. */
export async function launchPlugin(): Promise<void> {
  redirectConsole()
  try {
    const specifier = process.argv[2]
    if (specifier === undefined) throw new Error('name the plugin: launch.ts <path or package name>')
    const plugin = await loadPlugin(specifier)
    // Everything is loaded, and after the next step the folder may be closed.
    flushCompileCache()
    const identity = readIdentity(process.env)
    if (identity) dropPrivileges(identity)
    if (process.env.GLEANER_PLUGIN_HOME) process.chdir(process.env.GLEANER_PLUGIN_HOME)
    await runPlugin(plugin)
  } catch (error) {
    createLog().error('the plugin did not start', { error })
    process.exitCode = 1
  }
}
