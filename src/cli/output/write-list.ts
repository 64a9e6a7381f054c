import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { countOf } from './count.ts'
import { renderJson } from './json.ts'
import { type Column, renderTable } from './table.ts'

type Read = Parameters<typeof textOf>[0]

/** A column of a listing, and what it shows of each thing. */
export type ListColumn = Column & { readonly of: (listed: Read, now: Date) => string }

export type Listing = {
  /** What is listed, in the singular: `project`. */
  readonly noun: string
  readonly columns: readonly ListColumn[]
}

/** Writes the answer of a `list` method: the API's JSON, or a table and how many of all these are. */
export function writeList(ctx: CliContext, answer: Answer, { noun, columns }: Listing): ExitCode {
  const { isJson, out, paint, now } = ctx
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((listed) => columns.map(({ of }) => of(listed, now())))
  if (rows.length > 0) out.write(renderTable(columns, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, noun)}.\n`))
  return EXIT.success
}

/** What a column shows when it is one text of the API. */
export function field(name: string): ListColumn['of'] {
  return (listed) => textOf(listed, name)
}
