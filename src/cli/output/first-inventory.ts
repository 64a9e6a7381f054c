import { countOf, formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { renderFacts } from './facts.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { duration } from './time.ts'

/** What a first start found, and where it can be looked at. */
export type FirstInventory = {
  /** Name of the collector that ran. */
  readonly collectorName: string
  readonly domainId: string
  /** From the start of the job to its end. */
  readonly tookMs: number
  /** False when the job did not end well: what is shown is right, but more may exist. */
  readonly isComplete: boolean
  /** Kinds as `group/type`, in the order to show them, each with a few names of what was found. */
  readonly kinds: readonly { readonly kind: string; readonly count: number; readonly examples: readonly string[] }[]
  readonly addresses: {
    /** `http://127.0.0.1:8080`, without a slash at its end. */
    readonly api: string
    /** `127.0.0.1:50051`. */
    readonly grpc: string
    /** Left out where no console is served. */
    readonly console?: string
  }
}

/** What `npm start` prints after the first inventory: what was found, and how to go on from there. */
export function renderFirstInventory(inventory: FirstInventory, layout: TableLayout): string {
  const { paint } = layout
  return [
    `\n${paint('bold', headline(inventory))}\n`,
    inventory.isComplete ? '' : `${paint('yellow', INCOMPLETE)}\n`,
    inventory.kinds.length === 0 ? '' : `\n${kindsTable(inventory, layout)}`,
    `\n${renderFacts(addressesOf(inventory), paint)}`,
    `\n${paint('dim', 'Try')}\n${triesOf(inventory).map((line) => `  ${line}\n`).join('')}`,
    `\n${paint('dim', 'Ctrl-C stops Gleaner. What it found stays.')}\n`,
  ].join('')
}

const INCOMPLETE = 'Not everything could be read: `npx gleaner jobs` shows the job and why.'

function headline({ collectorName, kinds, tookMs }: FirstInventory): string {
  const total = kinds.reduce((sum, { count }) => sum + count, 0)
  const found = `${countOf(total, 'resource')} of ${countOf(kinds.length, 'kind')}`
  return escapeText(`${collectorName}: found ${found} in ${duration(tookMs)}`)
}

function kindsTable({ kinds }: FirstInventory, layout: TableLayout): string {
  const rows = kinds.map(({ kind, count, examples }) => [
    kind,
    formatCount(count),
    examples.join(', ') + (count > examples.length && examples.length > 0 ? ', …' : ''),
  ])
  return renderTable(COLUMNS, rows, layout)
}

const COLUMNS: readonly Column[] = [
  { heading: 'KIND', isWhole: true, style: () => 'cyan' },
  { heading: 'FOUND', align: 'right', isWhole: true },
  { heading: 'SUCH AS' },
]

function addressesOf({ addresses }: FirstInventory): [string, string][] {
  return [
    ['Console', addresses.console ?? ''],
    ['REST API', addresses.api],
    ['API docs', `${addresses.api}/docs`],
    ['gRPC', addresses.grpc],
  ]
}

function triesOf({ addresses, collectorName, domainId }: FirstInventory): string[] {
  const body = JSON.stringify({ domain_id: domainId, query: { page: { limit: 3 } } })
  return [
    'npx gleaner resources',
    escapeText(`npx gleaner collect ${inQuotes(collectorName)} --watch`),
    `curl -s ${addresses.api}/inventory/v1/cloud-service/list -H 'Content-Type: application/json' -d ${inQuotes(body)}`,
  ]
}

// As a shell reads it back.
function inQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
