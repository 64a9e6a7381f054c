import { textOf, textsOf } from '../shapes.ts'
import { formatCount } from './count.ts'
import type { Style } from './paint.ts'
import { relativeTime } from './time.ts'
import { field, type ListColumn, type Listing } from './write-list.ts'

type Read = Parameters<typeof textOf>[0]

const STYLES: Readonly<Record<string, Style>> = { active: 'green', unused: 'yellow', expired: 'yellow' }

/**
 * What is accepted, one line each; what accepts nothing any more, or no longer holds, stands out by its
 * state.
 */
export const ACCEPTANCES: Listing = {
  noun: 'acceptance',
  columns: [
    { heading: 'ID', isWhole: true, of: field('acceptance_id') },
    { heading: 'STATE', isWhole: true, style: (text) => STYLES[text], of: field('state') },
    { heading: 'GAPS', align: 'right', isWhole: true, of: (row) => formatCount(Number(row.gap_count ?? 0)) },
    { heading: 'COLLECTOR', of: (row) => textOf(row, 'collector_name') || textOf(row, 'collector_id') },
    { heading: 'OF', of: scopeOf },
    { heading: 'BY', of: whoAndWhen },
    { heading: 'UNTIL', of: (row) => textOf(row, 'until').slice(0, DATE) || '-' },
    { heading: 'REASON', of: field('reason') },
  ] satisfies readonly ListColumn[],
}

/** Characters of an instant that name the day. */
const DATE = 10

function scopeOf(row: Read): string {
  const names = ['provider', 'cloud_service_group', 'cloud_service_type'].map((key) => textOf(row, key))
  const kind = names.filter((name) => name !== '').join('/')
  const where = ['account', 'region_code', 'secret_id'].map((key) => textOf(row, key))
  const scope = [kind, ...where].filter((part) => part !== '').join(' ') || 'everything'
  const classes = textsOf(row, 'classes').join(', ')
  return classes === '' ? scope : `${scope}: ${classes}`
}

function whoAndWhen(row: Read, now: Date): string {
  return `${textOf(row, 'accepted_by')}, ${relativeTime(textOf(row, 'created_at'), now)}`
}
