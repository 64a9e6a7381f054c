import type { JsonObject } from '../client.ts'
import { listOf, textOf, textsOf } from '../shapes.ts'
import { countOf } from './count.ts'
import { escapeLines } from './escape.ts'
import type { Paint } from './paint.ts'

/** What the history does not hold of the resources of an answer, a line each; nothing when it holds all. */
export function renderUnknown(value: JsonObject, paint: Paint): string {
  return listOf(value, 'unknown')
    .map((unknown) => {
      const count = textsOf(unknown, 'cloud_service_ids').length
      const line = `Not in the history: ${textOf(unknown, 'path')} of ${countOf(count, 'resource')}, which has changed since.`
      return `${paint('yellow', escapeLines(line))}\n`
    })
    .join('')
}
