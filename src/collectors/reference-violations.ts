import type { GleanerError } from '../core/errors.ts'
import { projectViolations } from '../identity/index.ts'
import { isSelective, missingSelection, selectionViolations } from '../secrets/index.ts'
import type { Sql } from '../storage/index.ts'
import type { Collector } from './collector.ts'
import { supportedSchemas } from './supported-schemas.ts'

/**
 * What speaks against the project and the secrets that a collector names: something is not there, or its
 * plugin needs a secret and nothing is chosen. Inside a transaction what it names then stays until it ends.
 */
export async function referenceViolations(
  sql: Sql,
  collector: Pick<Collector, 'domainId' | 'projectId' | 'selection' | 'capability'>,
): Promise<GleanerError[]> {
  const { domainId, selection, capability } = collector
  const missing = isSelective(selection) ? undefined : missingSelection(supportedSchemas(capability))
  return [
    ...(await projectViolations(sql, collector)),
    ...(await selectionViolations(sql, domainId, selection)),
    ...(missing === undefined ? [] : [missing]),
  ]
}
