import { countCells, countOpenHolds } from './coverage/index.ts'
import { countLastJobs } from './jobs/index.ts'
import type { WholeDatabase } from './storage/index.ts'
import type { Metrics } from './telemetry/index.ts'
import { countWebhooks } from './webhooks/index.ts'

/** The whole ledger is read for the cells: at most once in so many milliseconds … */
const LEDGER_EVERY_MS = 60_000
/** … and for at most one part in so many of the time. */
const LEDGER_SHARE = 50

/**
 * How complete the inventories of all domains are, how their collectors and webhooks do. Every process tells
 * the same. Numbers without ids, for alarms; whoever is woken by one asks the API which it is.
 */
export function addDomainMetrics(metrics: Metrics, db: WholeDatabase): void {
  const cells = keepForAWhile(() => countCells(db, new Date()))
  metrics.gauge(
    {
      name: 'coverage_cells',
      help: 'Cells of the ledger, of all domains; read once a minute.',
      label: 'state',
    },
    async () => (await cells()).states,
  )
  metrics.gauge(
    {
      name: 'coverage_gaps',
      help: 'Cells of the ledger that are not complete, by whether somebody accepts that; read with coverage_cells.',
      label: 'accepted',
    },
    async () => (await cells()).gaps,
  )
  metrics.gauge({ name: 'holds_open', help: 'Deletions that wait for a decision.' }, () => countOpenHolds(db))
  metrics.gauge(
    {
      name: 'collectors_last_job',
      help: 'Enabled collectors, by the status of their newest job that has ended.',
      label: 'status',
    },
    () => countLastJobs(db),
  )
  metrics.gauge(
    { name: 'webhooks', help: 'Webhooks, by what comes of their deliveries.', label: 'state' },
    async () => ({ ...(await countWebhooks(db)) }),
  )
}

/**
 * Reads again only when the last answer is old, the older the longer it took to read; who asks meanwhile
 * shares it.
 */
function keepForAWhile<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; until: number } | undefined
  return () => {
    if (kept !== undefined && performance.now() < kept.until) return kept.value
    const beganAt = performance.now()
    const next = { value: read(), until: Number.POSITIVE_INFINITY }
    kept = next
    next.value.then(
      () => {
        const tookMs = performance.now() - beganAt
        next.until = beganAt + Math.max(LEDGER_EVERY_MS, tookMs * LEDGER_SHARE)
      },
      () => {
        // What could not be read is tried again by the next who asks.
        next.until = 0
      },
    )
    return next.value
  }
}
