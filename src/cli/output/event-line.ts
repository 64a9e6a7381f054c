import type { JsonObject } from '../client.ts'
import { objectOf, textOf } from '../shapes.ts'
import { escapeText } from './escape.ts'
import type { Paint } from './paint.ts'

/** One event as one line: when, what, which, and how far. */
export function renderEvent(event: JsonObject, paint: Paint): string {
  const type = textOf(event, 'type')
  const time = textOf(event, 'created_at').slice(11, 19)
  const which = textOf(event, 'resource_id') || textOf(event, 'job_task_id') || textOf(event, 'job_id')
  const about = [textOf(event, 'kind'), textOf(event, 'status'), countsOf(event)].filter(
    (part) => part !== '',
  )
  const words = [time, type.padEnd(27), which, ...about].map(escapeText).join('  ')
  return `${type === 'resync' ? paint('red', words) : words}\n`
}

function countsOf(event: JsonObject): string {
  const counts = Object.entries(objectOf(event, 'counts')).filter(([, count]) => count !== 0)
  return counts.map(([name, count]) => `${name}=${String(count)}`).join(' ')
}
