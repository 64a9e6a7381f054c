import type { Command } from 'commander'
import { Unavailable } from '../../core/errors.ts'
import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { example, type Run } from '../command-line.ts'
import { countKinds, type ResourceCounts } from '../count-kinds.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { countOf, formatCount } from '../output/count.ts'
import { renderFacts } from '../output/facts.ts'
import { renderJobs } from '../output/jobs-table.ts'
import { joinJson, renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { listOf, numberOf, objectOf, textOf, toCollector, toJob } from '../shapes.ts'

export function addStatus(program: Command, run: Run): void {
  program
    .command('status')
    .description('Show whether the server works, what it has collected, and its last jobs.')
    .addHelpText('after', example('gleaner status', 'gleaner status --json'))
    .action((_options: unknown, command: Command) => run(command, showStatus))
}

async function showStatus(ctx: CliContext): Promise<ExitCode> {
  const check = await ctx.client.get('/check')
  const state = textOf(check.value, 'status') || `HTTP ${check.status}`
  if (check.status !== 200 || state !== 'SERVING') {
    if (ctx.isJson) ctx.out.write(renderJson(joinJson({ check: check.text })))
    throw notServing(ctx.client.url, state, textOf(check.value, 'reason'))
  }
  const found = await look(ctx)
  ctx.out.write(ctx.isJson ? renderJson(toDocument(check, found)) : toText(ctx, state, found))
  return EXIT.success
}

type Found = {
  readonly version: string
  readonly collectors: Answer
  readonly resources: ResourceCounts
  readonly jobs: Answer
}

const LAST_JOBS = 5
const TOP_KINDS = 10

async function look(ctx: CliContext): Promise<Found> {
  const { client, domainId } = ctx
  const [description, collectors, resources, jobs] = await Promise.all([
    client.get('/openapi.json'),
    client.post('/inventory/v1/collector/list', { domain_id: domainId }),
    countKinds(ctx),
    client.post('/inventory/v1/job/list', { domain_id: domainId, query: { page: { limit: LAST_JOBS } } }),
  ])
  return { version: textOf(objectOf(description.value, 'info'), 'version'), collectors, resources, jobs }
}

function notServing(url: string, state: string, reason: string): Unavailable {
  const why = reason === '' ? '' : `: ${reason}`
  return new Unavailable(
    'ERROR_NOT_SERVING',
    `the server at ${url} runs, but is ${state}${why}.\n` +
      'It answers again by itself when the cause is gone; its log names the cause. Nothing that was collected is lost.',
  )
}

function toDocument(check: Answer, { version, collectors, resources, jobs }: Found): string {
  const kinds = resources.kinds.map(({ provider, group, type, count }) => ({
    provider,
    cloud_service_group: group,
    cloud_service_type: type,
    count,
  }))
  return joinJson({
    check: check.text,
    version: JSON.stringify(version),
    collectors: collectors.text,
    resources: JSON.stringify({ total_count: resources.total, kinds }),
    jobs: jobs.text,
  })
}

function toText(ctx: CliContext, state: string, found: Found): string {
  const { client, domainId, out, paint } = ctx
  const layout = { width: out.size()?.columns, paint }
  const facts = renderFacts(
    [
      ['Server', `${client.url}, version ${found.version || 'unknown'}`],
      ['State', state],
      ['Domain', domainId],
      ['Collectors', collectorsInWords(found.collectors)],
      ['Resources', countOf(found.resources.total, 'resource')],
    ],
    paint,
  )
  const jobs = renderJobs(listOf(found.jobs.value, 'results').map(toJob), layout, ctx.now())
  const next =
    found.resources.total === 0 ? '\nNothing was collected yet: gleaner collect <collector> --watch\n' : ''
  const kinds = kindsTable(found.resources, layout)
  return `${facts}${kinds === '' ? '' : `\n${kinds}`}${jobs === '' ? '' : `\n${jobs}`}${next}`
}

function collectorsInWords({ value }: Answer): string {
  const total = numberOf(value, 'total_count')
  const enabled = listOf(value, 'results')
    .map(toCollector)
    .filter((collector) => collector.state === 'ENABLED').length
  return `${countOf(total, 'collector')}, ${formatCount(enabled)} enabled`
}

function kindsTable({ total, kinds }: ResourceCounts, layout: Parameters<typeof renderTable>[2]): string {
  if (kinds.length === 0) return ''
  const top = kinds.slice(0, TOP_KINDS)
  const rows = top.map(({ provider, group, type, count }) => [
    `${provider}/${group}/${type}`,
    formatCount(count),
  ])
  const rest = total - top.reduce((sum, { count }) => sum + count, 0)
  if (rest > 0) rows.push(['others', formatCount(rest)])
  return renderTable(KIND_COLUMNS, rows, layout)
}

const KIND_COLUMNS: readonly Column[] = [
  { heading: 'KIND' },
  { heading: 'RESOURCES', align: 'right', isWhole: true },
]
