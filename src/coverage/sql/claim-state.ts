import { SlotSet } from '../../inventory/write/index.ts'
import { byteaArray, type Sql, type Transaction } from '../../storage/index.ts'
import { type ClaimState, newClaimState } from '../claim-state.ts'

/** Names one contributor. */
export type ContributorKey = { readonly domainId: string; readonly contributorId: number }

type StateRow = {
  readonly epoch: string
  readonly inScope: Buffer
  readonly inEpoch: Buffer
  readonly missed: readonly Buffer[]
  readonly countedSeq: number | null
  readonly countedAt: Date | null
}

const READ = `
select epoch, in_scope, in_epoch, missed, counted_seq, counted_at from claim_state
 where domain_id = $1 and contributor_id = $2`

/** Reads what is known about a contributor's claims. */
export async function readClaimState(sql: Sql, key: ContributorKey): Promise<ClaimState> {
  const rows = await sql.query<StateRow>(READ, [key.domainId, key.contributorId], {
    name: 'read_claim_state',
  })
  return toClaimState(rows[0])
}

/**
 * Reads and locks it. A run that judges writes this row before it writes holds and numbers of cells, so
 * whoever has locked it reads these as they stay. A run locks its task before it, and nobody locks resources,
 * claims, contributors or tasks after it.
 */
export async function lockClaimState(tx: Transaction, key: ContributorKey): Promise<ClaimState> {
  const rows = await tx.query<StateRow>(`${READ} for update`, [key.domainId, key.contributorId], {
    name: 'lock_claim_state',
  })
  return toClaimState(rows[0])
}

function toClaimState(row: StateRow | undefined): ClaimState {
  if (row === undefined) return newClaimState()
  const { missed, witnessed } = newClaimState()
  const restore = (level: SlotSet, at: number) => {
    const stored = row.missed[at]
    return stored === undefined ? level : SlotSet.fromBytes(stored)
  }
  return {
    epoch: row.epoch,
    inScope: SlotSet.fromBytes(row.inScope),
    inEpoch: SlotSet.fromBytes(row.inEpoch),
    missed: missed.map(restore),
    // Behind the others in one column; a row from before they were kept has none.
    witnessed: witnessed.map((level, at) => restore(level, missed.length + at)),
    countedSeq: row.countedSeq ?? undefined,
    countedAt: row.countedAt ?? undefined,
  }
}

export async function storeClaimState(
  tx: Transaction,
  key: ContributorKey,
  state: ClaimState,
): Promise<void> {
  await tx.query(
    `insert into claim_state (domain_id, contributor_id, epoch, in_scope, in_epoch, missed, counted_seq, counted_at)
     values ($1, $2, $3, $4, $5, $6::bytea[], $7, $8)
     on conflict (domain_id, contributor_id) do update
        set epoch = excluded.epoch, in_scope = excluded.in_scope, in_epoch = excluded.in_epoch,
            missed = excluded.missed, counted_seq = excluded.counted_seq, counted_at = excluded.counted_at`,
    [
      key.domainId,
      key.contributorId,
      state.epoch,
      state.inScope.toBytes(),
      state.inEpoch.toBytes(),
      byteaArray([...state.missed, ...state.witnessed].map((level) => level.toBytes())),
      state.countedSeq ?? null,
      state.countedAt ?? null,
    ],
  )
}

/**
 * Moves only what every counted receipt moves, where no bit has changed: the usual end of an unchanged run.
 */
export async function storeCounted(tx: Transaction, key: ContributorKey, state: ClaimState): Promise<void> {
  await tx.query(
    'update claim_state set counted_seq = $3, counted_at = $4 where domain_id = $1 and contributor_id = $2',
    [key.domainId, key.contributorId, state.countedSeq ?? null, state.countedAt ?? null],
    { name: 'store_counted' },
  )
}
