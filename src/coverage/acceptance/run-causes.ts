import { classifyFailure } from '../../inventory/write/index.ts'
import type { Sql } from '../../storage/index.ts'
import { listRunFailures, type RunKey } from '../sql/acceptances.ts'
import type { GapCause } from './gap-causes.ts'

/** Reads what kept runs from reading everything, by contributor. */
export async function readRunCauses(
  sql: Sql,
  domainId: string,
  runs: readonly RunKey[],
): Promise<ReadonlyMap<number, readonly GapCause[]>> {
  const failures = await listRunFailures(sql, domainId, runs)
  const causes = failures.map(({ error, ...failure }) => ({
    ...failure,
    class: failure.class ?? classifyFailure(error),
  }))
  return Map.groupBy(causes, ({ contributorId }) => contributorId)
}
