import { relative } from 'node:path'
import type { Command } from 'commander'
import { example, type Run } from '../command-line.ts'
import { EXIT } from '../failures.ts'

/** Adds `gleaner plugins new`. */
export function addPluginNew(plugin: Command, run: Run): void {
  plugin
    .command('new')
    .description('Make a folder with a plugin that works, its test and a recording of an API.')
    .argument('<name>', 'lowercase letters, digits and dashes')
    .argument('[folder]', 'where to; default: a folder of that name')
    .addHelpText('after', example('gleaner plugins new acme'))
    .action((name: string, folder: string | undefined, _options: unknown, command: Command) =>
      run(command, async ({ isJson, out }) => {
        const { createPluginFolder } = await import('../../plugin-kit/index.ts')
        const path = await createPluginFolder(name, folder)
        const shown = relative(process.cwd(), path) || '.'
        out.write(isJson ? `${JSON.stringify({ folder: path })}\n` : nextSteps(shown))
        return EXIT.success
      }),
    )
}

function nextSteps(folder: string): string {
  return `Made ${folder}. Next:
  cd ${folder}
  node --test test.ts                          run its test
  gleaner plugins dev plugin.ts --options …     see what it finds, again on every save
  gleaner plugins check plugin.ts --options …   what a server expects of it
`
}
