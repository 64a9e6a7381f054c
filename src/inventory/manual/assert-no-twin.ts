import { AlreadyExists } from '../../core/errors.ts'
import type { Sql } from '../../storage/index.ts'
import type { ResourceDocument, ResourceKind } from '../kinds.ts'

/**
 * Throws ALREADY_EXISTS, naming the twin, when another live resource has the natural key of this document.
 */
export async function assertNoTwin(
  sql: Sql,
  {
    domainId,
    kind,
    document,
    ownId = '',
  }: {
    readonly domainId: string
    readonly kind: ResourceKind
    readonly document: ResourceDocument
    readonly ownId?: string
  },
): Promise<void> {
  const key = kind.naturalKey.map((column) => String(document[column] ?? ''))
  // Without the provider's id it has no natural key: nothing tells whether two are the same.
  if (kind.naturalKey[0] === 'resource_id' && key[0] === '') return
  const conditions = kind.naturalKey.map((column, at) => `t."${column}" = $${at + 3}`)
  const [twin] = await sql.query<{ id: string }>(
    `select t.${kind.idColumn} as id from ${kind.table} t
      where t.domain_id = $1 and t.${kind.idColumn} <> $2 and ${kind.liveCondition} and ${conditions.join(' and ')}
      limit 1`,
    [domainId, ownId, ...key],
  )
  if (twin === undefined) return
  const named = kind.naturalKey.map((column, at) => `${pathOf(kind, column)} '${key[at]}'`)
  throw new AlreadyExists(
    `${kind.table.replaceAll('_', ' ')} '${twin.id}' has the same ${named.join(', ')}; nothing was written. Update that one instead`,
  )
}

function pathOf(kind: ResourceKind, column: string): string {
  return kind.columns.find(({ name }) => name === column)?.path ?? column
}
