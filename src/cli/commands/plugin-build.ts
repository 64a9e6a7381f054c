import { relative } from 'node:path'
import type { Command } from 'commander'
import type { BuiltPackage } from '../../plugin-kit/index.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT } from '../failures.ts'

/** Adds `gleaner plugins build`. */
export function addPluginBuild(plugin: Command, run: Run): void {
  plugin
    .command('build')
    .description("Make a package of a plugin's folder, in its folder dist: JavaScript, for the image npm:.")
    .argument('[folder]', 'where the plugin is; default: this one')
    .addHelpText('after', example('gleaner plugins build', 'gleaner plugins build && npm publish ./dist'))
    .action((folder: string | undefined, _options: unknown, command: Command) =>
      run(command, async ({ isJson, out }) => {
        const { buildPluginPackage } = await import('../../plugin-kit/index.ts')
        const built = await buildPluginPackage(folder ?? '.')
        out.write(isJson ? `${JSON.stringify(built)}\n` : nextSteps(built))
        return EXIT.success
      }),
    )
}

function nextSteps({ name, version, folder }: BuiltPackage): string {
  const shown = `./${relative(process.cwd(), folder)}`
  return `Built ${shown}. Next:
  npm publish ${shown}   into the registry that your server asks
  gleaner plugins register NAME --image npm:${name}@${version}
`
}
