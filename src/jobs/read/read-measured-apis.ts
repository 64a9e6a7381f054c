import type { Measured } from '../../plugins/index.ts'
import type { Sql } from '../../storage/index.ts'
import { type ApiCalls, fromStored, MAX_APIS, type StoredCalls, sumCalls } from '../api-calls.ts'

// The newest jobs of the collector and their tasks are each found by an index. Calls are read of a few tasks
// alone, and so judged afterwards: they lie outside of the row where there are many, and this runs before
// each task (8 to 18 ms with jobs of 2,000 tasks that call 60 APIs). Old ones say little of today.
const LIST_CALLS = `
select t.calls
  from (select job_id from job
         where domain_id = $1 and collector_id = $2
         order by created_at desc limit 5) j
  join job_task t on t.domain_id = $1 and t.job_id = j.job_id
 where t.secret_id = $3 and t.finished_at is not null
 order by t.seq desc
 limit 30`

type Contributor = { readonly domainId: string; readonly collectorId: string; readonly secretId: string }

/** What the last runs of a collector with a secret have measured of each API, for a plugin to predict by. */
export async function readMeasuredApis(
  sql: Sql,
  { collectorId, domainId, secretId }: Contributor,
): Promise<readonly Measured[]> {
  const rows = await sql.query<{ readonly calls: readonly StoredCalls[] }>(LIST_CALLS, [
    domainId,
    collectorId,
    secretId,
  ])
  const sums = sumCalls(rows.flatMap(({ calls }) => calls.map(fromStored)))
  return sums.filter(isMeasured).slice(0, MAX_APIS).map(toMeasured)
}

function isMeasured({ answerSeconds, made, throttled }: ApiCalls): boolean {
  return answerSeconds > 0 && made > throttled
}

function toMeasured({ answerSeconds, api, burst, busySeconds, made, rate, throttled }: ApiCalls): Measured {
  return { api, calls: made - throttled, answerSeconds, busySeconds, rate, burst }
}
