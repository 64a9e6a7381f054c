import type { CliContext } from './cli-context.ts'
import type { Answer, JsonObject } from './client.ts'
import { EXIT, type ExitCode, UsageError } from './failures.ts'
import { countOf, formatCount } from './output/count.ts'
import { csvLine } from './output/csv.ts'
import { escapeLines, escapeText } from './output/escape.ts'
import { renderJson } from './output/json.ts'
import { valueAt } from './output/resources-table.ts'
import { coverageExit, noteCoverage, type Strictness } from './output/write-coverage.ts'
import { retryWhilePassing } from './retry-while-passing.ts'
import { listOf, numberOf, textOf, textsOf } from './shapes.ts'
import { toInstant } from './when.ts'

export type Exported = {
  /** A search text; '' for none. */
  readonly text: string
  /** Conditions, and keyword, of the API's query. */
  readonly query: JsonObject & { readonly filter: readonly unknown[] }
  /** CSV or JSONL. */
  readonly format: string
  /** Fields or dotted paths. Without any CSV has those of a table, and JSONL whole documents. */
  readonly columns: readonly string[] | undefined
  /** An instant of the past, as it was written; now without. */
  readonly asOf: string | undefined
  /** Whether it ends with the code for incomplete where not everything that was asked for is known. */
  readonly strictness: Strictness
}

/**
 * Writes all resources that match, page by page, as of one instant: what is written while it runs changes no
 * page, and no more than a page is held. Says how complete the inventory is, unless the past is asked for, of
 * which that is not kept. Ends with 4 when something of what it writes is not known, or could not be pinned.
 */
export async function exportResources(ctx: CliContext, exported: Exported): Promise<ExitCode> {
  if (ctx.isJson)
    throw new UsageError('--all writes no single document: leave --json out, and say --format jsonl')
  const { out } = ctx
  const columns = exported.columns ?? (exported.format === 'CSV' ? DEFAULT_COLUMNS : undefined)
  // What somebody named a resource must not steer a terminal; a file has it as it is.
  const safe = out.size() === undefined ? (text: string) => text : escapeLines
  const progress = createProgress(ctx)
  const unknown = new Map<string, number>()
  const coverage = exported.asOf === undefined ? await readCoverage(ctx, exported) : undefined
  if (exported.format === 'CSV') out.write(csvLine(columns ?? []))
  let asOf = exported.asOf === undefined ? 'now' : toInstant(exported.asOf)
  let total: number | undefined
  let written = 0
  let last = ''
  for (;;) {
    const at = { asOf, last, columns }
    const answer = await retryWhilePassing(ctx, () => readPage(ctx, exported, at)).catch(
      (thrown: unknown) => {
        progress.clear()
        if (written > 0) ctx.notices.write(`Ended early: ${countOf(written, 'resource')} were written.\n`)
        throw thrown
      },
    )
    asOf = textOf(answer.value, 'as_of')
    total ??= numberOf(answer.value, 'total_count')
    const found = listOf(answer.value, 'results')
    for (const resource of found) {
      out.write(
        columns === undefined || exported.format === 'JSONL'
          ? renderJson(JSON.stringify(resource))
          : safe(csvLine(columns.map((path) => valueAt(resource, path)))),
      )
    }
    noteUnknown(unknown, answer)
    written += found.length
    last = textOf(found.at(-1) ?? {}, KEY)
    progress.show(`${formatCount(written)} of ${countOf(total, 'resource')}`)
    if (found.length < PAGE) break
  }
  progress.clear()
  const code = conclude(ctx, { asOf, written, total, unknown })
  noteCoverage(ctx, coverage)
  const known = coverageExit(ctx, coverage, exported.strictness)
  return code === EXIT.success ? known : code
}

/** How complete the answer is: of the page of one resource that a list or a search gives. */
async function readCoverage(ctx: CliContext, { text, query }: Exported): Promise<JsonObject | undefined> {
  const { client, domainId } = ctx
  const part = { page: { limit: 1 }, only: [KEY] }
  const ask = () =>
    text === ''
      ? client.ask('/inventory/v1/cloud-service/list', { domain_id: domainId, query: { ...query, ...part } })
      : client.ask('/gleaner/v1/search/resources', { domain_id: domainId, text, ...part })
  return (await retryWhilePassing(ctx, ask)).coverage
}

/** The most that the API gives at once. */
const PAGE = 1_000
const KEY = 'cloud_service_id'

/** What CSV holds when no columns are named. */
const DEFAULT_COLUMNS = [
  KEY,
  'name',
  'provider',
  'cloud_service_group',
  'cloud_service_type',
  'region_code',
  'account',
  'project_id',
  'state',
  'created_at',
  'updated_at',
]

// Pages go on behind the last id: each costs the same, however many came before it.
function readPage(
  { client, domainId }: CliContext,
  { text, query }: Exported,
  at: { readonly asOf: string; readonly last: string; readonly columns: readonly string[] | undefined },
): Promise<Answer> {
  const { asOf, last, columns } = at
  const behind = last === '' ? [] : [{ key: KEY, operator: 'gt', value: last }]
  return client.post('/gleaner/v1/history/list', {
    domain_id: domainId,
    as_of: asOf,
    text,
    ...(last === '' ? {} : { without_total: true }),
    query: {
      ...query,
      filter: [...query.filter, ...behind],
      sort: { key: KEY },
      page: { limit: PAGE },
      ...(columns === undefined ? {} : { only: [...new Set([KEY, ...columns])] }),
    },
  })
}

function noteUnknown(unknown: Map<string, number>, { value }: Answer): void {
  for (const one of listOf(value, 'unknown')) {
    const path = textOf(one, 'path')
    unknown.set(path, (unknown.get(path) ?? 0) + textsOf(one, 'cloud_service_ids').length)
  }
}

type Outcome = {
  readonly asOf: string
  readonly written: number
  readonly total: number
  readonly unknown: ReadonlyMap<string, number>
}

function conclude({ notices, paintNotices }: CliContext, outcome: Outcome): ExitCode {
  const { asOf, written, total, unknown } = outcome
  notices.write(paintNotices('dim', `${countOf(written, 'resource')} as of ${asOf}.\n`))
  const problems = [...unknown].map(
    ([path, count]) =>
      `Not in the history: ${path} of ${countOf(count, 'resource')}, which has changed since.`,
  )
  // A batch has the time at which it began, and may be committed after the first page was read.
  if (written !== total)
    problems.push(`The first page told of ${formatCount(total)}: a run wrote just then. Export again.`)
  for (const problem of problems) notices.write(`${paintNotices('yellow', escapeText(problem))}\n`)
  return problems.length === 0 ? EXIT.success : EXIT.incomplete
}

/** How far it is, on a terminal that shows nothing else. */
function createProgress({ notices, out }: CliContext) {
  const isShown = notices.size() !== undefined && out.size() === undefined
  const redraw = (text: string) => {
    if (isShown) notices.write(`\r\u001b[K${text}`)
  }
  return { show: redraw, clear: () => redraw('') }
}
