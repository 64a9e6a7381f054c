import { assertNoViolations } from '../../core/violations.ts'
import { projectViolations } from '../../identity/index.ts'
import type { Transaction } from '../../storage/index.ts'
import type { ManualLayer } from '../fold.ts'

/**
 * Refuses a project that is not there: somebody who writes by hand has mistyped it, whereas a plugin may know
 * projects of its own. It stays until the transaction ends.
 */
export async function assertProject(
  tx: Transaction,
  { domainId, given }: { readonly domainId: string; readonly given: ManualLayer },
): Promise<void> {
  const { project_id: projectId } = given
  if (typeof projectId === 'string') assertNoViolations(await projectViolations(tx, { domainId, projectId }))
}
