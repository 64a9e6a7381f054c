import { wrapText } from '../../core/text-width.ts'
import type { CollectorPlan, PlannedApi, SecretPlan } from '../plan-shapes.ts'
import { countOf, formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { duration } from './time.ts'

/** What a collection takes: the calls of each secret by API, what is assumed, and all together. */
export function renderPlan(plan: CollectorPlan, name: string, layout: TableLayout): string {
  const parts = plan.secrets.map((secret) => renderSecret(secret, layout))
  const permissions = plan.predicts
    ? []
    : renderLines(`It has to be allowed: ${plan.permissions.join(', ') || 'not known'}.`, layout)
  return [...parts, ...permissions, renderTotal(plan, name)].join('\n')
}

function renderSecret(secret: SecretPlan, layout: TableLayout): string {
  const { paint } = layout
  const title = secret.secretId === '' ? '' : `${paint('bold', `Secret ${escapeText(secret.secretId)}`)}\n`
  if (secret.errorCode !== '')
    return `${title}${renderLines(`Not planned: ${secret.errorCode}: ${secret.errorMessage}`, layout).join('')}`
  const notes = secret.notes.flatMap((note) => renderLines(`- ${note}`, layout))
  const about = notes.length === 0 ? '' : `\n${paint('bold', 'Notes')}\n${notes.join('')}`
  const table = secret.apis.length === 0 ? '' : renderTable(COLUMNS, secret.apis.map(toRow), layout)
  return `${title}${table}${about.replace(/^\n/, table === '' ? '' : '\n')}`
}

const COLUMNS: readonly Column[] = [
  { heading: 'API', isWhole: true },
  { heading: 'CALLS', align: 'right', isWhole: true },
  { heading: 'ABOUT', align: 'right', isWhole: true },
  { heading: 'TIME IS', isWhole: true },
  { heading: 'PERMISSIONS' },
]

const MOST_NAMED = 2

function toRow({ api, basis, calls, permissions, seconds }: PlannedApi): readonly string[] {
  const named = permissions.slice(0, MOST_NAMED).join(', ')
  const others = permissions.length - MOST_NAMED
  return [
    api,
    formatCount(calls),
    timeOf(seconds),
    basis === '' ? '-' : basis,
    others > 0 ? `${named} and ${formatCount(others)} more` : named,
  ]
}

/** A time of 0 says that none is known. */
function timeOf(seconds: number): string {
  return seconds === 0 ? '-' : duration(seconds * 1_000)
}

function renderTotal(plan: CollectorPlan, name: string): string {
  if (!plan.predicts) return `Calls and time of '${escapeText(name)}' are not known.\n`
  if (plan.calls === 0) return `Collecting '${escapeText(name)}' takes no calls.\n`
  const needs = `${countOf(plan.calls, 'call')}, ${countOf(plan.permissions.length, 'permission')}`
  const time =
    plan.seconds === 0 ? 'how long they take is not known' : `asking takes about ${timeOf(plan.seconds)}`
  return `Collecting '${escapeText(name)}' takes ${needs}; ${time}.\n`
}

function renderLines(text: string, { width }: TableLayout): readonly string[] {
  return wrapText(escapeText(text), width ?? Number.POSITIVE_INFINITY).map((line) => `${line}\n`)
}
