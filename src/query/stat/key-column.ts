import type { Entity } from '../entity.ts'

/** SQL of the field that is the key of an entity. */
export function keyColumn<View extends object>({ fields, key, noun }: Entity<View>): string {
  const field = fields[key]
  if (field?.kind !== 'column') throw new Error(`the field '${key}' of ${noun} must be a column`)
  return field.sql
}
