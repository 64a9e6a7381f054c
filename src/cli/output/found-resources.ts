import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { renderCoverageLine } from './coverage-line.ts'
import { renderJson } from './json.ts'
import { RESOURCE_FIELDS, renderFields, renderResources } from './resources-table.ts'
import { renderUnknown } from './unknown-lines.ts'

/** How much of what is found is asked for, and which part of it is shown. */
export type Shown = {
  /** An instant of the past, as it was written; the present without. */
  readonly asOf?: string
  readonly only?: string
  readonly limit: number
  readonly page: number
}

/** The request's fields that say how much is wanted; without `--only` a table needs few fields, and `--json` all. */
export function wantedPart({ isJson }: Pick<CliContext, 'isJson'>, shown: Shown) {
  const only = chosenFields(shown) ?? (isJson ? undefined : RESOURCE_FIELDS)
  const page = { start: (shown.page - 1) * shown.limit + 1, limit: shown.limit }
  return only === undefined ? { page } : { page, only }
}

/** Writes an answer that holds a page of resources: a table and how much of all it is, or the API's JSON. */
export function writeResources(ctx: CliContext, answer: Answer, shown: Shown): ExitCode {
  const { isJson, out, paint } = ctx
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const found = listOf(answer.value, 'results')
  const layout = { width: out.size()?.columns, paint }
  const fields = chosenFields(shown)
  out.write(
    fields === undefined ? renderResources(found, layout, ctx.now()) : renderFields(fields, found, layout),
  )
  const asOf = textOf(answer.value, 'as_of')
  const part = shownPart(shown, found.length, numberOf(answer.value, 'total_count'))
  out.write(paint('dim', `${asOf === '' ? '' : `As of ${asOf}. `}${part}\n`))
  out.write(renderUnknown(answer.value, paint))
  out.write(renderCoverageLine(answer.coverage, ctx))
  return EXIT.success
}

function chosenFields({ only }: Shown): readonly string[] | undefined {
  return only?.split(',').map((field) => field.trim())
}

function shownPart({ page, limit }: Shown, shown: number, total: number): string {
  const all = countOf(total, 'resource')
  if (shown === 0 && total > 0) return `Showing none of ${all}: page ${page} is behind the last one.`
  const part = `Showing ${formatCount(shown)} of ${all}`
  return page * limit < total ? `${part}; the next page is --page ${page + 1}.` : `${part}.`
}
