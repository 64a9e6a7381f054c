import type { Transaction } from '../../../storage/index.ts'
import type { ResourceKind } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'

/**
 * Whether the unique natural key keeps two writers from storing this resource twice at the same moment: it
 * has one, and the rule by which it is found names all of it. Pure.
 */
export function isGuarded(kind: ResourceKind, { columns, matchRules }: PackedResource): boolean {
  if (columns[kind.naturalKey[0] ?? ''] === '') return false
  const rule = matchRules[0] ?? []
  return kind.columns.every(({ name, path = name }) => !kind.naturalKey.includes(name) || rule.includes(path))
}

/**
 * Whether nothing but a resource with the same natural key is what this one is matched with: then the unique
 * index finds the twin as surely as a look at it before, and where there is none the look (10 µs) was for
 * nothing. Pure.
 */
export function isKeyOnly(kind: ResourceKind, resource: PackedResource): boolean {
  const { matchRules, updateOnly } = resource
  return (
    matchRules.length === 1 &&
    matchRules[0]?.length === kind.naturalKey.length &&
    !updateOnly &&
    isGuarded(kind, resource)
  )
}

/**
 * Lets one batch of a domain at a time look for such resources and store them: what the first stores, the
 * next finds. Taken before any row of this kind is locked and after those of smaller kinds, so that it fits
 * into the order of locks.
 */
export async function lockUnguarded(tx: Transaction, domainId: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('unguarded resources of ' || $1, 0))", [
    domainId,
  ])
}
