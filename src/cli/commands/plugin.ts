import type { Command } from 'commander'
import { example, type Run } from '../command-line.ts'
import { addPluginCheck } from './plugin-check.ts'
import { addPluginDev } from './plugin-dev.ts'
import { addPluginNew } from './plugin-new.ts'
import { addRegisteredPlugins } from './registered-plugins.ts'

/** Commands about the plugins that a server knows, and for those who write plugins; the latter need no server. */
export function addPlugin(program: Command, run: Run): void {
  const plugin = program
    .command('plugin')
    .description('List and register plugins; or write one: check it, start a new one, see what it finds.')
    .addHelpText('after', example('gleaner plugin list', 'gleaner plugin check ./plugin.ts'))
  addRegisteredPlugins(plugin, run)
  addPluginNew(plugin, run)
  addPluginDev(plugin, run)
  addPluginCheck(plugin, run)
}
