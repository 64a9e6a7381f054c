import { type Transaction, textArray } from '../../../storage/index.ts'

/** Longer ones would not fit a key of the table. */
const MAX_PATH = 500

/**
 * Notes what changed in resources without a record, so that readers of the past are told what is not known of
 * them. Costs nothing where plugins keep nothing out of the history. The rows of the resources are locked, in
 * id order.
 */
export async function noteUnrecorded(
  tx: Transaction,
  write: {
    readonly domainId: string
    readonly now: Date
    readonly resources: readonly { readonly id: string; readonly paths: readonly string[] }[]
  },
): Promise<void> {
  const notes = write.resources.flatMap(({ id, paths }) => paths.map((path) => ({ id, path: cut(path) })))
  if (notes.length === 0) return
  await tx.query(
    `insert into unrecorded_change as u (domain_id, cloud_service_id, path, changed_at)
     select distinct $1, n.id, n.path, $2::timestamptz from unnest($3::text[], $4::text[]) as n (id, path)
     on conflict (domain_id, cloud_service_id, path) do update set changed_at = greatest(u.changed_at, $2)`,
    [
      write.domainId,
      write.now,
      textArray(notes.map(({ id }) => id)),
      textArray(notes.map(({ path }) => path)),
    ],
    { name: 'note_unrecorded_changes' },
  )
}

/** Something above a path that is too long: more is then said to be unknown than is. */
function cut(path: string): string {
  if (path.length <= MAX_PATH) return path
  const end = path.lastIndexOf('.', MAX_PATH)
  return end === -1 ? path.split('.', 1).join() : path.slice(0, end)
}
