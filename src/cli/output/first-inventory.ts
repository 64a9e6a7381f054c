import { COMMAND_LINE } from '../../core/packaged.ts'
import { wrapText } from '../../core/text-width.ts'
import { countOf, formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { renderFacts } from './facts.ts'
import { createPaint, type Paint } from './paint.ts'
import { type Column, renderTable } from './table.ts'

/** What the server can show for a start: what it found, and where that can be looked at. */
export type FirstInventory = {
  /** Resources in the inventory. */
  readonly total: number
  /** Kinds in the order to show them, each with a few names of what was found. */
  readonly kinds: readonly FoundKind[]
  /** The first collection, when this start ran it; undefined shows what is there from before. */
  readonly job: { readonly status: string; readonly errors: readonly string[] } | undefined
  /** From the start of the process until now. */
  readonly seconds: number
  /** Where the API is reached from this machine; undefined where the process serves none. */
  readonly addresses: { readonly http: string; readonly grpc: string } | undefined
  readonly domainId: string
  /** Width of the terminal. */
  readonly columns: number
  /** Default false. */
  readonly isColored?: boolean
}

type FoundKind = {
  readonly provider: string
  readonly group: string
  readonly type: string
  readonly count: number
  readonly examples: readonly string[]
}

/**
 * What `npm start` prints when it is ready: what was found, and how to go on from there. Ends without a line
 * break.
 */
export function firstInventory(inventory: FirstInventory): string {
  const paint = createPaint(inventory.isColored ?? false)
  const sections = [
    paint('bold', headline(inventory)),
    kindsTable(inventory, paint),
    problems(inventory, paint),
    addressLines(inventory, paint),
    tries(inventory, paint),
  ]
  const shown = sections.filter((text) => text !== '').map((text) => text.trimEnd())
  return `\n${shown.join('\n\n')}\n\n${paint('dim', 'Ctrl-C stops Gleaner. What it found stays.')}`
}

function headline({ total, kinds, job, seconds }: FirstInventory): string {
  const what = `${countOf(total, 'resource')} of ${countOf(kinds.length, 'kind')}`
  if (job === undefined) return total === 0 ? 'The inventory is empty.' : `The inventory holds ${what}.`
  return `Found ${what} on this machine, ${seconds.toFixed(1)} s after the start.`
}

const MAX_KINDS = 15

function kindsTable({ kinds, columns }: FirstInventory, paint: Paint): string {
  if (kinds.length === 0) return ''
  const rows = kinds
    .slice(0, MAX_KINDS)
    .map(({ group, type, count, examples }) => [
      `${group}/${type}`,
      formatCount(count),
      [...examples, ...(count > examples.length && examples.length > 0 ? ['…'] : [])].join(', '),
    ])
  const hidden = kinds.length - rows.length
  const more = hidden > 0 ? paint('dim', `and ${countOf(hidden, 'more kind')}: ${COMMAND_LINE} status\n`) : ''
  return renderTable(COLUMNS, rows, { width: columns, paint }) + more
}

const COLUMNS: readonly Column[] = [
  { heading: 'KIND', isWhole: true, style: () => 'cyan' },
  { heading: 'FOUND', align: 'right', isWhole: true },
  { heading: 'SUCH AS' },
]

const MAX_PROBLEMS = 3

function problems({ job, columns }: FirstInventory, paint: Paint): string {
  if (job === undefined || job.status === 'SUCCESS') return ''
  const shown = job.errors
    .slice(0, MAX_PROBLEMS)
    .flatMap((message) => wrapText(escapeText(message), columns - 2).map((line) => `  ${line}\n`))
  const heading = `The collection ended as ${escapeText(job.status)}: what is shown is right, but more may exist.`
  return `${paint('yellow', heading)}\n${shown.join('')}  All of it: ${COMMAND_LINE} jobs, ${COMMAND_LINE} jobs <id>\n`
}

function addressLines({ addresses }: FirstInventory, paint: Paint): string {
  if (addresses === undefined) return ''
  const { http, grpc } = addresses
  return renderFacts(
    [
      ['Console', http],
      ['REST API', http],
      ['API docs', `${http}/docs`],
      ['gRPC', grpc],
    ],
    paint,
  )
}

// The commands find a server at its usual port by themselves.
function tries({ addresses, domainId }: FirstInventory, paint: Paint): string {
  if (addresses === undefined) return ''
  const api = addresses.http
  const prefix = api === DEFAULT_API ? '' : `GLEANER_URL=${api} `
  const body = JSON.stringify({ domain_id: domainId, query: { page: { limit: 3 } } })
  const lines = [
    `${prefix}${COMMAND_LINE} resources`,
    `${prefix}${COMMAND_LINE} collect 'This machine' --watch`,
    `curl -s ${api}/inventory/v1/cloud-service/list -H 'Content-Type: application/json' -d '${body}'`,
  ]
  return `${paint('dim', 'Try')}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

const DEFAULT_API = 'http://127.0.0.1:8080'
