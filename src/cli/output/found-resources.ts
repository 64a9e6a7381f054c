import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import type { ExitCode } from '../failures.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { renderJson } from './json.ts'
import { RESOURCE_FIELDS, renderFields, renderResources } from './resources-table.ts'
import { renderUnknown } from './unknown-lines.ts'
import { writeCoverage } from './write-coverage.ts'

/** How much of what is found is asked for, and which part of it is shown. */
export type Shown = {
  /** An instant of the past, as it was written; the present without. */
  readonly asOf?: string
  readonly only?: readonly string[]
  readonly limit: number
  readonly page: number
  /** Ends with the code for incomplete where not everything that was asked for is known. */
  readonly strict?: boolean
  /** The same, also where the gap is accepted. */
  readonly ignoreAcceptances?: boolean
  /** All that is found, as a stream in a format, instead of a page. */
  readonly all?: boolean
  readonly format?: string
}

/**
 * The request's fields that say how much is wanted; without `--only` a table needs few fields, and `--json`
 * all.
 */
export function wantedPart({ isJson }: Pick<CliContext, 'isJson'>, shown: Shown) {
  const only = shown.only ?? (isJson ? undefined : RESOURCE_FIELDS)
  const page = { start: (shown.page - 1) * shown.limit + 1, limit: shown.limit }
  return only === undefined ? { page } : { page, only }
}

/**
 * Writes an answer that holds a page of resources, a table and how much of all it is, or the API's JSON, and
 * how complete it is.
 */
export function writeResources(ctx: CliContext, answer: Answer, shown: Shown): ExitCode {
  if (ctx.isJson) ctx.out.write(renderJson(answer.text))
  else writeTable(ctx, answer, shown)
  return writeCoverage(ctx, answer.coverage, shown)
}

function writeTable(ctx: CliContext, answer: Answer, shown: Shown): void {
  const { out, paint } = ctx
  const found = listOf(answer.value, 'results')
  const layout = { width: out.size()?.columns, paint }
  const { only } = shown
  out.write(
    only === undefined ? renderResources(found, layout, ctx.now()) : renderFields(only, found, layout),
  )
  const asOf = textOf(answer.value, 'as_of')
  const part = shownPart(shown, found.length, numberOf(answer.value, 'total_count'))
  out.write(paint('dim', `${asOf === '' ? '' : `As of ${asOf}. `}${part}\n`))
  out.write(renderUnknown(answer.value, paint))
}

function shownPart({ page, limit }: Shown, shown: number, total: number): string {
  const all = countOf(total, 'resource')
  if (shown === 0 && total > 0) return `Showing none of ${all}: page ${page} is behind the last one.`
  const part = `Showing ${formatCount(shown)} of ${all}`
  return page * limit < total ? `${part}; the next page is --page ${page + 1}.` : `${part}.`
}
