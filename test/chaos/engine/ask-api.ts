import { setTimeout as pause } from 'node:timers/promises'
import { type Arena, persistently } from './arena.ts'
import type { Processes } from './processes.ts'

type CollectorKey = { readonly domainId: string; readonly collectorId: string }

/** Longer than any freeze. */
const TIMEOUT_MS = 60_000

/**
 * Asks an API process to collect, as a client does that gets no answer because the process was killed: it
 * looks whether there is a job, and asks again if there is none. `jobs` is how many the collector has before.
 */
export async function collectThroughApi(
  arena: Arena,
  processes: Processes,
  collector: CollectorKey & { readonly jobs: number },
): Promise<void> {
  while (!(await ask(processes, collector))) {
    if ((await countJobs(arena, collector)) > collector.jobs) return
    await pause(100)
  }
}

async function ask(processes: Processes, { domainId, collectorId }: CollectorKey): Promise<boolean> {
  const [server] = processes.ready('api')
  if (server === undefined || server.url === '') return false
  try {
    const response = await fetch(`${server.url}/inventory/v1/collector/collect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ domain_id: domainId, collector_id: collectorId }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.text()
    return response.ok
  } catch {
    return false
  }
}

/** Under the collector's lock, which whoever is just starting a job holds until that is decided. */
export async function countJobs({ db }: Arena, { domainId, collectorId }: CollectorKey): Promise<number> {
  return await persistently(db, (sql) =>
    sql.transaction(async (tx) => {
      await tx.query('select 1 from collector where domain_id = $1 and collector_id = $2 for update', [
        domainId,
        collectorId,
      ])
      const rows = await tx.query('select 1 from job where domain_id = $1 and collector_id = $2', [
        domainId,
        collectorId,
      ])
      return rows.length
    }),
  )
}
