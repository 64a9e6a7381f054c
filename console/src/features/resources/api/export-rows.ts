import type { Coverage } from '../../../api/coverage-header.ts'
import { completenessOf } from '../../../format/completeness.ts'
import { type ResourceRow, ROW_FIELDS } from './resource.ts'

/** What somebody takes along: the rows, how many there are of them, and how complete that is. */
export type Export = {
  readonly text: string
  /** The instant that was asked for; empty is now. */
  readonly at: string
  readonly total: number
  readonly rows: readonly ResourceRow[]
  /** Undefined where the server did not say: of the past it does not. */
  readonly coverage: Coverage | undefined
}

/** The name of its file, which says what is missing in it: a table has no other place for that. */
export function nameOfExport({ total, rows, coverage }: Export, ending: string): string {
  const part = rows.length < total ? `first-${rows.length}-of-${total}` : 'all'
  return `resources-${part}-${COMPLETENESS[completenessIn(coverage)]}.${ending}`
}

type Completeness = 'complete' | 'incomplete' | 'unknown'

const COMPLETENESS = {
  complete: 'complete-lists',
  incomplete: 'incomplete-lists',
  unknown: 'completeness-unknown',
} as const satisfies Record<Completeness, string>

function completenessIn(coverage: Coverage | undefined): Completeness {
  if (coverage === undefined || coverage.total_count === 0) return 'unknown'
  return coverage.complete ? 'complete' : 'incomplete'
}

/** It as JSON: the question, how much of the answer this is and how complete, then the rows. */
export function toJson({ text, at, total, rows, coverage }: Export): string {
  const known = coverage !== undefined && coverage.total_count > 0 ? coverage : undefined
  const document = {
    text,
    as_of: at,
    total_count: total,
    exported_count: rows.length,
    completeness: completenessIn(coverage),
    ...(known && {
      lists: completenessOf(known.complete_count, known.total_count, known.accepted_count),
      oldest_evidence_at: known.oldest_evidence_at,
      incomplete: known.incomplete,
    }),
    results: rows,
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** By this mark Excel knows the text for UTF-8. */
const BOM = '\uFEFF'

/**
 * Rows as CSV by RFC 4180, with a line of names. Where a spreadsheet would run a part of a text as a formula,
 * an apostrophe goes before that: also behind spaces, in the wide forms that East Asian ones read, and behind
 * what others, set to another language, take for the end of a cell.
 */
export function toCsv(rows: readonly ResourceRow[]): string {
  const lines = rows.map((row) => ROW_FIELDS.map((field) => toCsvValue(row[field])))
  return BOM + [ROW_FIELDS, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

const FORMULA = /^(?=[\t\r])|(?<=^|[;\t\r\n])(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

function toCsvValue(text: string): string {
  const safe = text.replaceAll(FORMULA, "'")
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const KEPT_MS = 60_000

/** Has the browser save a text as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser may begin to read it only after this.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
