import { type Addresses, addressesOf, httpAddress } from './addresses.ts'
import type { App } from './app.ts'
import { firstInventory } from './cli/output/first-inventory.ts'
import type { Config } from './config/index.ts'
import { systemClock } from './core/clock.ts'
import { type Findings, type FinishedJob, readFindings, waitForJob } from './findings.ts'
import { collectFirst, FIRST_DOMAIN } from './first-collect.ts'

/**
 * Tells the person at the terminal what runs where and, on an empty database, collects this machine first and
 * shows what was found.
 */
export async function greet(
  app: App,
  { config, startedAt, signal }: { config: Config; startedAt: number; signal: AbortSignal },
): Promise<void> {
  const { database, deps } = app
  const db = database.database
  const place = database.kind === 'embedded' ? `embedded in ${database.dataDir}` : 'external'
  say(`Gleaner is ready after ${seconds(startedAt)} s: PostgreSQL ${database.version}, ${place}.`)
  const isEncrypted = config.tlsCert !== undefined
  const addresses = app.ports && addressesOf(app.ports, isEncrypted)
  if (app.metricsPort !== undefined)
    say(`Health and metrics  ${httpAddress(config.host, app.metricsPort, isEncrypted)}`)
  if (!config.firstInventory || !config.roles.includes('worker')) {
    if (addresses !== undefined) say(`REST API  ${addresses.http}    gRPC  ${addresses.grpc}`)
    return
  }
  const first = await collectFirst({ db, now: systemClock }, deps, signal)
  let finished: FinishedJob | undefined
  if (first !== undefined) {
    say('The database is empty: collecting this machine ...')
    finished = await waitForJob(db, first, signal)
  }
  const findings = await readFindings(db, FIRST_DOMAIN)
  say(firstInventory(toText({ findings, addresses, startedAt, finished })))
}

type Greeted = {
  readonly findings: Findings
  readonly addresses: Addresses | undefined
  readonly startedAt: number
  readonly finished: FinishedJob | undefined
}

function toText({ findings, addresses, startedAt, finished }: Greeted): Parameters<typeof firstInventory>[0] {
  return {
    ...findings,
    job: finished,
    seconds: Number(seconds(startedAt)),
    addresses,
    domainId: FIRST_DOMAIN,
    columns: process.stdout.columns ?? 100,
    isColored: (process.stdout.isTTY ?? false) && !process.env.NO_COLOR,
  }
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(1)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
