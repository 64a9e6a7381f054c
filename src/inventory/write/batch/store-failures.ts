import { boolArray, int4Array, type Transaction, textArray } from '../../../storage/index.ts'
import type { NamedResource } from '../../decode/index.ts'
import type { ReadFailure } from '../stream/read-failure.ts'

type FailureWrite = {
  readonly domainId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly attempt: number
}

const MAX_MESSAGE = 500

/**
 * Keeps what a batch could not read or store, one row for each name, and returns the slots of this
 * contributor that count as seen for it: a resource that was refused is there, whatever is wrong with what
 * was said about it (semantics 2.2).
 */
export async function storeFailures(
  tx: Transaction,
  write: FailureWrite,
  failures: readonly ReadFailure[],
): Promise<readonly number[]> {
  if (failures.length === 0) return []
  const known = await findKnownSlots(tx, write, failures)
  const groups = Map.groupBy(failures, (failure) => nameOf(failure, !known.has(failure)))
  await insertFailures(
    tx,
    write,
    [...groups.values()].map((same) => toRow(same, known)),
  )
  return [...known.values()].flat()
}

function nameOf({ class: failureClass, named }: ReadFailure, withholds: boolean): string {
  return JSON.stringify([failureClass, withholds, ...namesOf(named)])
}

function namesOf(named: NamedResource): readonly string[] {
  const { provider, cloudServiceGroup, cloudServiceType, account, regionCode } = named
  return [provider, cloudServiceGroup, cloudServiceType, account, regionCode].map((name) => name ?? '')
}

type FailureRow = {
  readonly failure: ReadFailure
  readonly withholds: boolean
  readonly count: number
}

function toRow(same: readonly ReadFailure[], known: ReadonlyMap<ReadFailure, unknown>): FailureRow {
  const [failure] = same
  if (failure === undefined) throw new RangeError('a group of failures has at least one')
  return { failure, withholds: !known.has(failure), count: same.length }
}

async function insertFailures(
  tx: Transaction,
  write: FailureWrite,
  rows: readonly FailureRow[],
): Promise<void> {
  const names = rows.map(({ failure }) => namesOf(failure.named))
  await tx.query(
    `insert into read_failure (domain_id, contributor_id, task_seq, attempt, class, provider, cloud_service_group,
                               cloud_service_type, account, region_code, withholds, count, message)
     select $1, $2, $3, $4, f.* from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                                            $11::bool[], $12::int4[], $13::text[]) as f
     on conflict (domain_id, contributor_id, task_seq, attempt, class, provider, cloud_service_group,
                  cloud_service_type, account, region_code, withholds)
     do update set count = read_failure.count + excluded.count`,
    [
      write.domainId,
      write.contributorId,
      write.taskSeq,
      write.attempt,
      textArray(rows.map(({ failure }) => failure.class)),
      ...[0, 1, 2, 3, 4].map((at) => textArray(names.map((name) => name[at] ?? ''))),
      boolArray(rows.map(({ withholds }) => withholds)),
      int4Array(rows.map(({ count }) => count)),
      textArray(rows.map(({ failure }) => cut(failure.message))),
    ],
  )
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1).toWellFormed()}…` : message
}

/**
 * The own slots that a failure is about, where it names one: by the whole natural key, or by the ids of the
 * resources it may be. Only cloud services that exist and that this contributor has reported count.
 */
async function findKnownSlots(
  tx: Transaction,
  write: FailureWrite,
  failures: readonly ReadFailure[],
): Promise<ReadonlyMap<ReadFailure, readonly number[]>> {
  const asked = failures.filter(
    ({ class: failureClass, named, resourceIds }) =>
      failureClass === 'refused' && ((named.resourceId ?? '') !== '' || resourceIds.length > 0),
  )
  if (asked.length === 0) return new Map()
  const column = (pick: (named: NamedResource) => string | undefined) =>
    textArray(asked.map(({ named }) => pick(named) ?? ''))
  const rows = await tx.query<{ ord: number; slot: number }>(
    `select k.ord::int4 as ord, c.slot
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) with ordinality
              as k(resource_id, provider, cloud_service_group, cloud_service_type, account, ids, ord)
      cross join lateral (
        select s.cloud_service_id from cloud_service s
         where s.domain_id = $1 and s.state = 'ACTIVE' and s.resource_id <> '' and s.resource_id = k.resource_id
           and s.provider = k.provider and s.cloud_service_group = k.cloud_service_group
           and s.cloud_service_type = k.cloud_service_type and s.account = k.account
        union
        select id from unnest(string_to_array(nullif(k.ids, ''), ',')) as id
      ) found
      cross join lateral (
        select * from contribution where domain_id = $1 and target_id = found.cloud_service_id offset 0
      ) c
      where c.contributor_id = $2`,
    [
      write.domainId,
      write.contributorId,
      column(({ resourceId }) => resourceId),
      column(({ provider }) => provider),
      column(({ cloudServiceGroup }) => cloudServiceGroup),
      column(({ cloudServiceType }) => cloudServiceType),
      column(({ account }) => account),
      textArray(asked.map(({ resourceIds }) => resourceIds.join(','))),
    ],
  )
  const known = new Map<ReadFailure, number[]>()
  for (const { ord, slot } of rows) {
    const failure = asked[ord - 1]
    if (failure !== undefined) known.set(failure, [...(known.get(failure) ?? []), slot])
  }
  return known
}
