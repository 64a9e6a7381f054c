import type { Command } from 'commander'
import type { Run } from '../command-line.ts'
import { writeDone } from '../output/write-done.ts'

type Renamed = {
  /** Where the API has the noun's methods: `/identity/v1/project`. */
  readonly path: string
  /** The request's field that says which one: `project_id`. */
  readonly key: string
  /** What names a thing: `id of the project`. */
  readonly named: string
}

/** Adds `rename` below a noun: another name for people, and nothing else. */
export function addRename(noun: Command, run: Run, { path, key, named }: Renamed): void {
  noun
    .command('rename')
    .description('Give it another name.')
    .argument('<id>', named)
    .argument('<name>', 'new name for people')
    .action((id: string, name: string, _options: unknown, command: Command) =>
      run(command, async (ctx) => {
        const request = { domain_id: ctx.domainId, [key]: id, name }
        return writeDone(ctx, await ctx.client.post(`${path}/update`, request), `${id} is named ${name} now.`)
      }),
    )
}
