import { padText, textWidth } from '../../core/text-width.ts'
import { escapeText } from './escape.ts'
import type { Paint } from './paint.ts'

/** Lines of `name  value`, values below each other; facts with an empty value are left out. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string])[],
  paint: Paint,
): string {
  const known = facts.filter(([, value]) => value !== '')
  const width = Math.max(0, ...known.map(([name]) => textWidth(name)))
  return known
    .map(([name, value]) => `${paint('dim', padText(name, width, 'left'))}  ${escapeText(value)}\n`)
    .join('')
}
