import type { JsonObject } from '../client.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { relativeTime } from './time.ts'

const COLUMNS: readonly Column[] = [
  { heading: 'RESOURCE', isWhole: true },
  { heading: 'NAME' },
  { heading: 'COLLECTOR' },
  { heading: 'SEES IT' },
  { heading: 'KEPT BY' },
]

/**
 * The claims of cells, one line each: what their collector sees of the resource, and everybody who keeps that
 * alive.
 */
export function renderHolders(value: JsonObject, layout: TableLayout, now: Date): string {
  const claims = listOf(value, 'results')
  if (claims.length === 0) return 'Nothing like that is claimed there.\n'
  const rows = claims.map((claim) => [
    textOf(claim, 'cloud_service_id'),
    textOf(claim, 'name') || textOf(claim, 'resource_id') || '-',
    nameOf(claim),
    presenceOf(claim, now),
    keptBy(claim, now),
  ])
  const total = numberOf(value, 'total_count')
  const shown = `Showing ${formatCount(claims.length)} of ${countOf(total, 'claim')}.\n`
  return renderTable(COLUMNS, rows, layout) + layout.paint('dim', shown)
}

const PRESENCES: Readonly<Record<string, string>> = {
  seen: 'yes',
  missed: 'no, missed',
  held: 'no, held back',
  unknown: 'unknown',
}

function presenceOf(claim: JsonObject, now: Date): string {
  const presence = textOf(claim, 'presence')
  if (presence === 'ended') return `no, ended ${relativeTime(textOf(claim, 'ended_at'), now)}`
  return PRESENCES[presence] ?? presence
}

function keptBy(claim: JsonObject, now: Date): string {
  const holders = listOf(claim, 'holders').map((holder) => {
    const at = textOf(holder, 'last_seen_at')
    const facts = [
      ...(at === '' ? [] : [`seen ${relativeTime(at, now)}`]),
      ...(textOf(holder, 'presence') === 'seen' ? [] : [textOf(holder, 'presence')]),
      ...(textOf(holder, 'reason') === '' ? [] : [textOf(holder, 'reason')]),
    ]
    return `${nameOf(holder)} (${facts.join('; ')})`
  })
  return [...holders, ...(claim.made_by_hand === true ? ['made by hand'] : [])].join(', ')
}

/** Two claims of one collector are told apart by their secrets. */
function nameOf(claim: JsonObject): string {
  const collector = textOf(claim, 'collector_name') || textOf(claim, 'collector_id')
  const secret = textOf(claim, 'secret_id')
  return secret === '' ? collector : `${collector} ${secret}`
}
