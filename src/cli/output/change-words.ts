import type { JsonObject } from '../client.ts'
import { inWords, textOf } from '../shapes.ts'

/** One changed value: `data.size: 1 → 2`, `data.old: x removed`. */
export function changeInWords(change: JsonObject): string {
  const before = shown(change, 'before')
  if (change.removed === true) return `${textOf(change, 'path')}: ${before} removed`
  return `${textOf(change, 'path')}: ${before === '' ? '' : `${before} → `}${shown(change, 'after')}`
}

function shown(change: JsonObject, key: string): string {
  return Object.hasOwn(change, key) ? inWords(change[key]) : ''
}
