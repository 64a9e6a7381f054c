import type { Entity } from '../entity.ts'
import type { Params } from '../params.ts'
import { type CollectionTarget, resolvePath, type Target } from '../path.ts'
import { quote, refuse } from '../refuse.ts'
import { walk } from './json-value.ts'
import type { Rows } from './rows.ts'
import type { Placed } from './stage.ts'

/** Finds what a path means in these rows: a field, with elements in the place of lists that were unwound. */
export function locate(rows: Rows, { path, place }: Placed, params: Params): Target | CollectionTarget {
  const target = resolvePath(asEntity(rows), path, place)
  const { field } = target
  if (field.kind !== 'document' || rows.unwound.length === 0) return target
  let at = { sql: field.sql, steps: target.steps }
  for (const { names, steps, sql } of rows.unwound) {
    if (names.join('.') !== target.names.join('.')) continue
    if (startsWith(target.steps, steps)) {
      at = { sql, steps: target.steps.slice(steps.length) }
    } else if (startsWith(steps, target.steps)) {
      const inside = params.add(steps.slice(target.steps.length))
      at = { sql: `jsonb_set(${walk(at.sql, at.steps, params)}, ${inside}::text[], ${sql})`, steps: [] }
    }
  }
  return { ...target, field: { ...field, sql: at.sql }, steps: at.steps } as Target
}

function startsWith(steps: readonly string[], start: readonly string[]): boolean {
  return start.every((step, at) => steps[at] === step)
}

function asEntity({ noun, fields }: Rows): Entity<object> {
  return { noun, fields, table: '', key: '', keywords: [], sort: [], minimal: [], requestFields: {} }
}

/** Refuses a whole path with the reason, quoting it. */
export function refusePath({ path, place }: Placed, reason: string): never {
  return refuse(place, `${quote(path)} ${reason}`)
}
