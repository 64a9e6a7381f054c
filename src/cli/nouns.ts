import type { Command, OptionValues } from 'commander'
import type { CliContext } from './cli-context.ts'
import type { Run } from './command-line.ts'
import type { ExitCode } from './failures.ts'

/**
 * A kind of thing of which there are several: its commands stand below its plural, and its singular means the
 * same.
 */
export function addNoun(program: Command, plural: string, singular: string): Command {
  return program.command(plural).alias(singular)
}

type Reads<Options extends OptionValues> = {
  /** What names a thing: `id of the job`. */
  readonly named: string
  /** What `list` does: `List jobs, newest first.` */
  readonly lists: string
  readonly list: (ctx: CliContext, options: Options) => Promise<ExitCode>
  readonly shows: string
  readonly show: (ctx: CliContext, name: string) => Promise<ExitCode>
}

/** Adds what every noun can: alone or with `list` it lists, with a name or with `show` it shows one. */
export function addReads<Options extends OptionValues>(noun: Command, run: Run, reads: Reads<Options>): void {
  const { named, lists, list, shows, show } = reads
  noun
    .argument('[id]', `${named}, to show this one; without it all are listed`)
    .action((name: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => (name === undefined ? list(ctx, command.opts()) : show(ctx, name))),
    )
  noun
    .command('list')
    .description(lists)
    .action((_options: unknown, command: Command) =>
      // Options stand at the noun, which takes them wherever they are written.
      run(command, (ctx) => list(ctx, command.optsWithGlobals())),
    )
  noun
    .command('show')
    .description(shows)
    .argument('<id>', named)
    .action((name: string, _options: unknown, command: Command) => run(command, (ctx) => show(ctx, name)))
}
