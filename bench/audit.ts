/**
 * The audit: what its row adds to a change, how many changes of one domain pass a second, and how fast a
 * chain is verified.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAudit } from '../src/audit/index.ts'
import { type Database, openDatabase } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { addProject, callIn, givenDomain } from '../test/audit/support.ts'
import { testContext } from '../test/query/sample.ts'
import type { BenchSize } from './bench-size.ts'
import { median, printFigure, printMedian } from './figures.ts'

/** Callers at once: as many as there are connections. */
const CALLERS = 10

export async function benchAudit({ count, repeats }: BenchSize): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const log = createLogger({ level: 'warn' })
  const migrations = join(import.meta.dirname, '..', 'migrations')
  const opened = await openDatabase({ dataDir: join(folder, 'data'), migrations, log })
  const db = opened.database
  try {
    const added: number[] = []
    const rates: number[] = []
    const plainRates: number[] = []
    const domainId = await givenDomain(db)
    const change = (call: Database) => call.transaction((tx) => addProject(tx, domainId))
    const audited = () => callIn(db, domainId)
    for (let turn = 0; turn < repeats; turn++) {
      added.push(await addedBy(count, { plain: () => change(db), audited: () => change(audited()) }))
      plainRates.push(await rateOf(count, () => change(db)))
      rates.push(await rateOf(count, () => change(audited())))
    }
    printMedian('audit.row.added', added, 'µs')
    printMedian('audit.changes_of_one_domain', rates, 'changes/s')
    printFigure('audit.changes_of_one_domain.ratio_to_unaudited', median(rates) / median(plainRates), 'ratio')
    const startedAt = performance.now()
    const { count: rows } = await verifyAudit(testContext(db), { domainId, head: '' })
    printFigure('audit.verify', (rows * 1_000) / (performance.now() - startedAt), 'rows/s')
  } finally {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Work = () => Promise<unknown>

/**
 * Microseconds by which the median of one is above that of the other; in turns, because a disk has its moods.
 */
async function addedBy(
  count: number,
  work: { readonly plain: Work; readonly audited: Work },
): Promise<number> {
  const plain: number[] = []
  const audited: number[] = []
  for (let at = 0; at < count; at++) {
    plain.push(await timeOf(work.plain))
    audited.push(await timeOf(work.audited))
  }
  return median(audited) - median(plain)
}

async function timeOf(work: Work): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) * 1_000
}

/** How many a second, of callers that all have one under way. */
async function rateOf(count: number, work: Work): Promise<number> {
  const startedAt = performance.now()
  const caller = async () => {
    for (let at = 0; at < count / CALLERS; at++) await work()
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return (count * 1_000) / (performance.now() - startedAt)
}
