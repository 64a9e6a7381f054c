import type { Command } from 'commander'
import { example, type Run } from '../command-line.ts'
import { addPluginCheck } from './plugin-check.ts'

/** Commands for those who write plugins. They need no server. */
export function addPlugin(program: Command, run: Run): void {
  const plugin = program
    .command('plugin')
    .description('Write plugins: check one, start a new one, see what it finds.')
    .addHelpText('after', example('gleaner plugin check ./plugin.ts'))
  addPluginCheck(plugin, run)
}
