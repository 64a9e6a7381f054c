import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { styleOfStatus } from '../output/paint.ts'
import { relativeTime } from '../output/time.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { textOf, toCollector } from '../shapes.ts'
import { addCollectorChanges } from './collector-changes.ts'
import { showCollector } from './collector-show.ts'

export function addCollectors(program: Command, run: Run): void {
  const collectors = addNoun(program, 'collectors', 'collector')
    .description('List, show, create, change and delete collectors.')
    .addHelpText('after', example('gleaner collectors', "gleaner collectors show 'This machine'"))
  addReads(collectors, run, {
    named: 'id of the collector, or its name',
    lists: 'List the collectors of the domain.',
    list: listCollectors,
    shows: 'Show one collector.',
    show: showCollector,
  })
  addCollectorChanges(collectors, run)
}

async function listCollectors(ctx: CliContext): Promise<ExitCode> {
  const answer = await ctx.client.post('/inventory/v1/collector/list', { domain_id: ctx.domainId })
  return writeList(ctx, answer, COLLECTORS)
}

const COLLECTORS: Listing = {
  noun: 'collector',
  columns: [
    { heading: 'ID', isWhole: true, of: field('collector_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'STATE', isWhole: true, style: styleOfStatus, of: field('state') },
    { heading: 'PLUGIN', of: (row) => toCollector(row).pluginId },
    { heading: 'VERSION', of: (row) => toCollector(row).pluginVersion },
    { heading: 'LAST COLLECTED', of: (row, now) => relativeTime(textOf(row, 'last_collected_at'), now) },
  ],
}
