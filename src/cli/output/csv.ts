import { inWords } from '../shapes.ts'

/**
 * One line of CSV (RFC 4180, ended by a line feed): texts as they are, numbers and truth values as JSON has
 * them, lists and objects as JSON.
 */
export function csvLine(values: readonly unknown[]): string {
  const line = values.map(toCell).join(',')
  // An empty line is no line to most readers, and an empty cell of an only column would be one.
  return `${line === '' ? '""' : line}\n`
}

function toCell(value: unknown): string {
  const text = typeof value === 'string' ? guardFormula(value) : inWords(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Spreadsheets run a cell that begins with one of these as a formula, and whoever may name a resource would
 * write it. An apostrophe before it makes it a text. What is only a number stays as it is.
 */
function guardFormula(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
}
