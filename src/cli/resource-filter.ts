import { UsageError } from './failures.ts'
import { jsonOfFilter } from './json-option.ts'

/** A condition of the API's query language. */
export type Condition = { readonly key: string; readonly value: unknown; readonly operator: string }

/**
 * Reads a condition as people write it: `key=value`, `key!=value`, `key~=text` (contains), `key:=json` (a
 * number, a boolean). Inside documents (`data.cpu.cores=8`) a text and a number that look alike are both
 * meant.
 */
export function parseCondition(text: string): Condition {
  const match = /^([^=!~:]+)(!=|~=|:=|=)(.*)$/s.exec(text)
  if (match === null) {
    throw new UsageError(
      `--filter '${text}' is no condition; write key=value, key!=value, key~=text or key:=json`,
    )
  }
  const [, key = '', sign = '', value = ''] = match
  if (sign === '~=') return { key, operator: 'contain', value }
  if (sign === ':=') return { key, operator: 'eq', value: jsonOfFilter(text, value) }
  const alike = isInDocument(key) ? literalOf(value) : undefined
  if (alike !== undefined) return { key, operator: sign === '=' ? 'in' : 'not_in', value: [value, alike] }
  return { key, operator: sign === '=' ? 'eq' : 'not', value }
}

const DOCUMENTS = ['data', 'tags', 'metadata']

function isInDocument(key: string): boolean {
  return DOCUMENTS.some((name) => key.startsWith(`${name}.`))
}

function literalOf(text: string): number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && String(value) === text ? value : undefined
}
