import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { countOf } from './count.ts'
import { escapeText } from './escape.ts'
import { relativeTime } from './time.ts'

/** How many cells are named; `gleaner coverage` shows them all. */
const NAMED = 3

/** How complete an answer is, as one line; '' where the server did not say, or nobody has ever looked. */
export function renderCoverageLine(
  coverage: JsonObject | undefined,
  { now, paint }: Pick<CliContext, 'now' | 'paint'>,
): string {
  const total = numberOf(coverage ?? {}, 'total_count')
  if (coverage === undefined || total === 0) return ''
  const complete = numberOf(coverage, 'complete_count')
  const at = textOf(coverage, 'oldest_evidence_at')
  const known = `${complete} of ${countOf(total, 'cell')} known`
  const facts = [known, ...(at === '' ? [] : [`oldest evidence ${relativeTime(at, now())}`])].join(', ')
  if (coverage.complete === true) return paint('dim', `Complete: ${facts}.\n`)
  const accepted = numberOf(coverage, 'accepted_count')
  if (coverage.complete_or_accepted === true)
    return paint('dim', `Complete but for ${countOf(accepted, 'accepted gap')}: ${facts}.\n`)
  const cells = listOf(coverage, 'incomplete').filter((cell) => cell.accepted !== true)
  const named = cells.slice(0, NAMED).map(nameOf)
  const rest = total - complete - accepted - named.length
  const more = [
    ...(rest > 0 ? [`and ${rest} more`] : []),
    ...(accepted > 0 ? [`and ${countOf(accepted, 'accepted gap')}`] : []),
  ]
  return paint('yellow', `Incomplete: ${facts}; unknown: ${escapeText([...named, ...more].join('; '))}.\n`)
}

function nameOf(cell: JsonObject): string {
  const kind = ['provider', 'cloud_service_group', 'cloud_service_type']
    .map((key) => textOf(cell, key))
    .filter((part) => part !== '')
  const where = ['account', 'region_code'].map((key) => textOf(cell, key)).filter((part) => part !== '')
  const name = [kind.join('/'), ...where].filter((part) => part !== '').join(' ')
  return `${name || textOf(cell, 'collector_id')}: ${textOf(cell, 'reason')}`
}
