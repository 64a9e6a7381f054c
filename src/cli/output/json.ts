import { escapeJson } from './escape.ts'

/** The API's own document, for programs: one line, one line break. */
export function renderJson(text: string): string {
  return `${escapeJson(text.trim())}\n`
}

/** A document made of answers under names of ours, each answer as the server wrote it. */
export function joinJson(parts: Readonly<Record<string, string>>): string {
  const members = Object.entries(parts).map(([name, text]) => `${JSON.stringify(name)}:${text.trim()}`)
  return `{${members.join(',')}}`
}

/** A document for people: indented, and safe on a terminal. */
export function prettyJson(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, null, 2) ?? 'null')}\n`
}
