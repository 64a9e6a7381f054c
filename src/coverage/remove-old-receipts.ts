import type { Database } from '../storage/index.ts'
import { RECEIPTS_LOOKED_THROUGH } from './settings.ts'

const MAX_ROWS = 1_000

// Of each collector and secret stay: the newest receipt, the newest that covers every cell, those that single
// cells name (the ledger shows these), and those of the present epoch that a deletion could still name.
// History has copied what it names.
const REMOVE = `
delete from receipt
 where ctid = any(array(
   select r.ctid from receipt r
     left join claim_state s on s.domain_id = r.domain_id and s.contributor_id = r.contributor_id
    where r.domain_id = $1 and r.created_at < $2
      and exists (select 1 from receipt n
                   where n.domain_id = $1 and n.contributor_id = r.contributor_id and n.task_seq > r.task_seq)
      and (r.withheld > 0
           or exists (select 1 from receipt n where n.domain_id = $1 and n.contributor_id = r.contributor_id
                                                and n.task_seq > r.task_seq and n.withheld = 0))
      and not exists (select 1 from coverage_cell c where c.domain_id = $1 and c.contributor_id = r.contributor_id
                                                      and c.receipt_seq = r.task_seq)
      and (r.missed = '' or r.epoch is distinct from s.epoch
           or exists (select 1 from receipt n
                       where n.domain_id = $1 and n.contributor_id = r.contributor_id and n.task_seq > r.task_seq
                         and n.epoch = r.epoch and n.missed <> ''
                       order by n.task_seq offset ${RECEIPTS_LOOKED_THROUGH - 1} limit 1))
    limit ${MAX_ROWS}))
returning 1 as gone`

/**
 * Removes a batch of the receipts of before this that nothing stands on any more: neither the ledger, nor a
 * deletion to come. Returns how many, 0 when none is left.
 */
export async function removeOldReceipts(db: Database, domainId: string, before: Date): Promise<number> {
  return (await db.query(REMOVE, [domainId, before])).length
}
