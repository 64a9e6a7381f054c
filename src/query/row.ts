import { toTimestamp } from '../core/clock.ts'
import { toLocalName } from './names.ts'
import type { Selected } from './only.ts'
import { prune } from './prune.ts'

export type StoredRow = { readonly rowKey: string | null; readonly [column: string]: unknown }

/**
 * Builds the row a caller sees: selected fields under their camelCase names. What is null or not selected is
 * absent.
 */
export function toView(
  selected: readonly Selected[],
  stored: StoredRow,
  collections: ReadonlyMap<Selected, ReadonlyMap<string, unknown>>,
): object {
  const view: Record<string, unknown> = {}
  for (const [at, one] of selected.entries()) {
    const value =
      one.field.kind === 'collection'
        ? toCollectionView(one, collections.get(one)?.get(stored.rowKey ?? ''))
        : toFieldView(one, stored[`f${at}`])
    if (value !== undefined) place(view, one.names, value)
  }
  return view
}

function toFieldView({ field, keep }: Selected, stored: unknown): unknown {
  if (stored === null || stored === undefined) return undefined
  if (field.kind === 'document') return field.read === undefined ? prune(stored, keep) : field.read(stored)
  if (field.kind !== 'column') return stored
  if (field.numbers !== undefined) return field.numbers[String(stored)]
  return stored instanceof Date ? toTimestamp(stored) : stored
}

function toCollectionView({ keep }: Selected, list: unknown): unknown {
  return prune(
    list ?? [],
    keep.map((steps) => steps.map(toLocalName)),
  )
}

function place(view: Record<string, unknown>, names: readonly string[], value: unknown): void {
  let at = view
  for (const name of names.slice(0, -1)) at = childOf(at, toLocalName(name))
  at[toLocalName(names.at(-1) ?? '')] = value
}

function childOf(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const child = (parent[name] ?? {}) as Record<string, unknown>
  parent[name] = child
  return child
}
