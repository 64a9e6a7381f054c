import { type GleanerError, NotFound } from '../core/errors.ts'
import type { Sql } from '../storage/index.ts'

// Deleting a project locks its row for update, so that it waits for whoever is about to store a reference to
// it.
const HOLD_PROJECT = 'select from project where domain_id = $1 and project_id = $2 for key share'

/**
 * Speaks against a project that is not there; '' is none and is fine. Inside a transaction the project then
 * stays until it ends.
 */
export async function projectViolations(
  sql: Sql,
  { domainId, projectId }: { readonly domainId: string; readonly projectId: string },
): Promise<GleanerError[]> {
  if (projectId === '') return []
  const rows = await sql.query(HOLD_PROJECT, [domainId, projectId])
  return rows.length === 0 ? [new NotFound('project', projectId)] : []
}
