/**
 * Starts a plugin module as a process: `node sdk/src/launch.ts <path or package name>`.
 *
 * The module is imported first, and root is given up only then: the checkout may lie below a folder of mode
 * 0700, which the plugin's user cannot enter. From there on no module file can be read, so plugins that run
 * this way must import everything statically.
 *
 * With `GLEANER_PLUGIN_CACHE` compiled code is kept in that folder, which halves the time of the next start
 * and more. It has to be set up before anything else is imported, so everything else is imported below.
 */
import { enableCompileCache } from 'node:module'

if (process.env.GLEANER_PLUGIN_CACHE) enableCompileCache(process.env.GLEANER_PLUGIN_CACHE)
const { launchPlugin } = await import('./process/launch-plugin.ts')
await launchPlugin()
