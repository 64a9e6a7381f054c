import { type Transaction, textArray } from '../../../storage/index.ts'
import type { ResourceDocument, ResourceKind } from '../../kinds.ts'
import { arrayType, columnArray, pickColumn } from './column-arrays.ts'

type StoredDocument = { readonly id: string; readonly document: ResourceDocument }

/**
 * Inserts new resources in the order given, which must be the order of their natural keys: two batches that
 * insert the same keys then wait for one another instead of deadlocking. A twin fails with a unique
 * violation. `taskSeq` is null for what is written by hand.
 */
export async function insertResources(
  tx: Transaction,
  write: {
    domainId: string
    kind: ResourceKind
    resources: readonly StoredDocument[]
    now: Date
    taskSeq: number | null
  },
): Promise<void> {
  const { domainId, kind, resources, now, taskSeq } = write
  if (resources.length === 0) return
  const { names, arrays, picks, params } = columnArrays(kind, resources, 4)
  await tx.query(
    `insert into ${kind.table} (domain_id, ${kind.idColumn}, created_at, updated_at, created_seq, ${names})
     select $1, r.id, $2::timestamptz, $2::timestamptz, $3::bigint, ${picks}
       from unnest($4::text[], ${arrays}) as r(id, ${names})`,
    [domainId, now, taskSeq, textArray(resources.map(({ id }) => id)), ...params],
    { name: `insert_${kind.table}` },
  )
}

function columnArrays(kind: ResourceKind, resources: readonly StoredDocument[], firstParam: number) {
  return {
    names: kind.columns.map(({ name }) => `"${name}"`).join(', '),
    arrays: kind.columns.map((column, at) => `$${firstParam + 1 + at}::${arrayType(column)}`).join(', '),
    picks: kind.columns.map(pickColumn).join(', '),
    params: kind.columns.map((column) =>
      columnArray(
        column,
        resources.map(({ document }) => document[column.name] ?? null),
      ),
    ),
  }
}
