import { type ResourceRow, ROW_FIELDS } from './resource.ts'

/** Rows as CSV by RFC 4180, with a line of names. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function toCsv(rows: readonly ResourceRow[]): string {
  const lines = rows.map((row) => ROW_FIELDS.map((field) => toCsvValue(row[field])))
  return [ROW_FIELDS, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

function toCsvValue(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
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
