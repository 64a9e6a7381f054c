/**
 * Starts a plugin module as a process: `node sdk/src/launch.ts <path or package name>`.
 *
 * The module is imported first, and root is given up only then: the checkout may lie below a folder of mode 0700,
 * which the plugin's user cannot enter. From there on no module file can be read, so plugins that run this way
 * must import everything statically.
 */
import { createLog } from './log.ts'
import { dropPrivileges, readIdentity } from './process/drop-privileges.ts'
import { loadPlugin } from './process/load-plugin.ts'
import { redirectConsole } from './process/redirect-console.ts'
import { runPlugin } from './process/run-plugin.ts'

redirectConsole()
try {
  const specifier = process.argv[2]
  if (specifier === undefined) throw new Error('name the plugin: launch.ts <path or package name>')
  const plugin = await loadPlugin(specifier)
  const identity = readIdentity(process.env)
  if (identity) dropPrivileges(identity)
  if (process.env.GLEANER_PLUGIN_HOME) process.chdir(process.env.GLEANER_PLUGIN_HOME)
  await runPlugin(plugin)
} catch (error) {
  createLog().error('the plugin did not start', { error })
  process.exitCode = 1
}
