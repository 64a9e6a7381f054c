import { FailedPrecondition } from '../../core/errors.ts'
import { toLocalName } from '../../query/index.ts'
import type { Sql } from '../../storage/index.ts'
import type { CloudServiceView } from '../read/cloud-service-entity.ts'
import { HISTORY_NOT_KEPT } from './moment.ts'

/** A path of which history does not hold the value, and the resources of which it is so. */
export type UnknownPath = { readonly path: string; readonly cloudServiceIds: readonly string[] }

/**
 * Refuses a question about values that have changed since without a record: any answer would be a guess.
 * `asked` are the paths of conditions, order and groups.
 */
export async function assertKnown(
  sql: Sql,
  {
    domainId,
    at,
    asked,
  }: { readonly domainId: string; readonly at: Date; readonly asked: readonly string[] },
): Promise<void> {
  if (asked.length === 0) return
  const rows = await sql.query<{ path: string; count: number }>(
    `select u.path, count(*)::int as count
       from unrecorded_change u join cloud_service s using (domain_id, cloud_service_id)
      where u.domain_id = $1 and u.changed_at > $2 and s.created_at <= $2
      group by u.path order by u.path`,
    [domainId, at],
  )
  for (const path of asked) {
    const unknown = rows.find((row) => overlap(path, row.path))
    if (unknown === undefined) continue
    throw new FailedPrecondition(
      HISTORY_NOT_KEPT,
      `'${path}' cannot be asked about: a plugin keeps '${unknown.path}' out of the history, and it has changed since in ${unknown.count} cloud services. Leave it out, or ask about a later instant`,
    )
  }
}

/** What is not known of these resources as of an instant, by path. */
export async function listUnknown(
  sql: Sql,
  { domainId, at, ids }: { readonly domainId: string; readonly at: Date; readonly ids: readonly string[] },
): Promise<readonly UnknownPath[]> {
  if (ids.length === 0) return []
  return sql.query<UnknownPath>(
    `select path, array_agg(cloud_service_id order by cloud_service_id) as cloud_service_ids
       from unrecorded_change
      where domain_id = $1 and changed_at > $2 and cloud_service_id = any($3::text[])
      group by path order by path`,
    [domainId, at, ids],
  )
}

/** Takes out of a resource, as it was read, what is not known of it: it holds what is there now. */
export function removeUnknown(view: CloudServiceView, path: string): void {
  const [name = ''] = path.split('.')
  const rest = path.slice(name.length + 1)
  if (name === 'tags') Reflect.deleteProperty(view, 'tagKeys')
  const local = toLocalName(name)
  if (rest === '') Reflect.deleteProperty(view, local)
  else removeBelow(Reflect.get(view, local), name === 'reference' ? toLocalName(rest) : rest)
}

// Keys may hold dots, as the path that a plugin names may run through them.
function removeBelow(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const key of Object.keys(value)) {
    if (key === path || key.startsWith(`${path}.`)) Reflect.deleteProperty(value, key)
    else if (path.startsWith(`${key}.`)) removeBelow(Reflect.get(value, key), path.slice(key.length + 1))
  }
}

/** Whether one path is the other, or leads into it; `*` stands for any step. Pure. */
function overlap(asked: string, unknown: string): boolean {
  const one = asked.replace(/^tag_keys\b/, 'tags').split('.')
  const other = unknown.split('.')
  const length = Math.min(one.length, other.length)
  return one.slice(0, length).every((step, at) => step === '*' || step === other[at])
}
