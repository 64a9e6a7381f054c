import { type SelectedSecret, selectSecrets } from '../secrets/index.ts'
import type { Sql } from '../storage/index.ts'
import type { Collector } from './collector.ts'
import { supportedSchemas } from './supported-schemas.ts'

/**
 * The secrets a collector's plugin is to be called with, now: all of its choice, or the one that a request
 * names.
 */
export async function secretsOfCollector(
  sql: Sql,
  { domainId, selection, isPublic, projectId, capability }: Collector,
  requestedId: string,
): Promise<readonly SelectedSecret[]> {
  return await selectSecrets(sql, {
    domainId,
    selection,
    isPublic,
    collectorProjectId: projectId,
    supportedSchemas: supportedSchemas(capability),
    requestedId,
  })
}
