import { randomUUID } from 'node:crypto'
import { FailedPrecondition, NotFound } from '../../../core/errors.ts'
import { recordResourceEvents } from '../../../events/index.ts'
import type { Transaction } from '../../../storage/index.ts'
import { cellOf } from '../../cell.ts'
import { CLOUD_SERVICE, kindPath, type ResourceDocument } from '../../kinds.ts'
import { assertNoTwin } from '../../manual/assert-no-twin.ts'
import { type ChangeEvidence, insertChangeRecords } from '../history/change-records.ts'
import { insertContributions, takeSlots } from '../store/contributions.ts'
import { lockResources } from '../store/lock-resources.ts'
import { toChanged, updateResources } from '../store/update-resources.ts'

type RestoreResource = {
  readonly domainId: string
  readonly cloudServiceId: string
  /** Who takes the deletion back, for the history. */
  readonly by: string
  readonly now: Date
}

/**
 * Takes back a deletion that evidence or a retirement made: the same id, the document as it was, and the
 * claims that had ended. They were not seen since, so they are of unknown presence until they are, and the
 * same evidence cannot end them again. Another live resource of the same key is a conflict that names both.
 * Returns the contributors that claim it again.
 */
export async function restoreResource(tx: Transaction, restore: RestoreResource): Promise<readonly number[]> {
  const { domainId, cloudServiceId: id, by, now } = restore
  const kind = CLOUD_SERVICE
  const stored = (await lockResources(tx, domainId, kind, [id])).get(id)
  if (stored === undefined) throw new NotFound('cloud service', id)
  if (!stored.isDeleted) throw refuse(id, 'is not DELETED, so there is nothing to take back')
  const evidence = await findEvidence(tx, domainId, id)
  if (evidence === undefined)
    throw refuse(id, 'has no history any more: why it was deleted is not known any more. Create it anew')
  if (evidence === null || !('ended' in evidence))
    throw refuse(id, 'was deleted by hand, so no claims are known that could be given back. Create it anew')
  const document = stored.read()
  await assertNoTwin(tx, { domainId, kind, document, ownId: id })

  await updateResources(tx, { domainId, kind, resources: [toChanged(id, document, [])], now })
  const claimants = [...new Set(evidence.ended.map(({ contributor_id }) => contributor_id))]
  await giveClaimsBack(tx, restore, document, claimants)
  const changes = [{ p: 'state', b: 'DELETED', a: 'ACTIVE' }]
  const record = {
    targetId: id,
    action: 'CREATE' as const,
    changes,
    evidence: { kind: 'undo' as const, by },
  }
  await insertChangeRecords(tx, { domainId, taskSeq: null, now, records: [record] })
  const event = { id, kind: kindPath(kind, document), type: 'cloud_service.created' as const }
  await recordResourceEvents(tx, { domainId, taskSeq: null, changes: [event] })
  return claimants
}

function refuse(id: string, why: string): FailedPrecondition {
  return new FailedPrecondition('ERROR_RESOURCE_STATE', `cloud service '${id}' ${why}; nothing was changed`)
}

async function findEvidence(
  tx: Transaction,
  domainId: string,
  id: string,
): Promise<ChangeEvidence | null | undefined> {
  const [row] = await tx.query<{ evidence: ChangeEvidence | null }>(
    `select evidence from change_record
      where domain_id = $1 and cloud_service_id = $2 and action = 'DELETE' order by seq desc limit 1`,
    [domainId, id],
  )
  return row?.evidence
}

/** The memo and the hash are new, so that the next sighting is looked at as new. */
async function giveClaimsBack(
  tx: Transaction,
  { domainId, cloudServiceId }: RestoreResource,
  document: ResourceDocument,
  contributorIds: readonly number[],
): Promise<void> {
  const known = await tx.query<{ contributorId: number; taskSeq: number }>(
    `select b.contributor_id, coalesce(max(r.task_seq), 0) as task_seq
       from contributor b
       left join run r on r.domain_id = b.domain_id and r.contributor_id = b.contributor_id
      where b.domain_id = $1 and b.contributor_id = any($2::int[])
      group by b.contributor_id order by b.contributor_id`,
    [domainId, contributorIds],
  )
  const copy = known.length > 1 ? document : null
  for (const { contributorId, taskSeq } of known) {
    const slot = await takeSlots(tx, domainId, contributorId, 1)
    const contribution = {
      targetId: cloudServiceId,
      slot,
      cell: cellOf(CLOUD_SERVICE, document),
      memo: randomUUID(),
      looseMemo: null,
      contentHash: randomUUID(),
      document: copy,
    }
    await insertContributions(tx, {
      domainId,
      contributorId,
      kindCode: CLOUD_SERVICE.code,
      taskSeq,
      contributions: [contribution],
    })
  }
}
