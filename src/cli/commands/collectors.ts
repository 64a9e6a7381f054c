import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { styleOfStatus } from '../output/paint.ts'
import { type Column, renderTable } from '../output/table.ts'
import { relativeTime } from '../output/time.ts'
import { listOf, numberOf, toCollector } from '../shapes.ts'
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

async function listCollectors({ client, domainId, isJson, out, paint, now }: CliContext): Promise<ExitCode> {
  const answer = await client.post('/inventory/v1/collector/list', { domain_id: domainId })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results')
    .map(toCollector)
    .map((collector) => [
      collector.id,
      collector.name,
      collector.state,
      collector.pluginId,
      collector.pluginVersion,
      relativeTime(collector.lastCollectedAt, now()),
    ])
  const total = numberOf(answer.value, 'total_count')
  if (rows.length > 0) out.write(renderTable(COLUMNS, rows, { width: out.size()?.columns, paint }))
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'collector')}.\n`))
  return EXIT.success
}

const COLUMNS: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'NAME' },
  { heading: 'STATE', isWhole: true, style: styleOfStatus },
  { heading: 'PLUGIN' },
  { heading: 'VERSION' },
  { heading: 'LAST COLLECTED' },
]
