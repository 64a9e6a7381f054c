import type { Command } from 'commander'
import { example, type Run } from '../command-line.ts'
import { addNoun } from '../nouns.ts'
import { addPluginBuild } from './plugin-build.ts'
import { addPluginCheck } from './plugin-check.ts'
import { addPluginDev } from './plugin-dev.ts'
import { addPluginNew } from './plugin-new.ts'
import { addRegisteredPlugins } from './registered-plugins.ts'

/**
 * Commands about the plugins that a server knows, and for those who write plugins; the latter need no server.
 */
export function addPlugins(program: Command, run: Run): void {
  const plugins = addNoun(program, 'plugins', 'plugin')
    .description('List and register plugins; or write one: check it, start a new one, see what it finds.')
    .addHelpText('after', example('gleaner plugins list', 'gleaner plugins check ./plugin.ts'))
  addRegisteredPlugins(plugins, run)
  addPluginNew(plugins, run)
  addPluginDev(plugins, run)
  addPluginCheck(plugins, run)
  addPluginBuild(plugins, run)
}
