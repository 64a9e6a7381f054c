import type { Entity } from './entity.ts'
import type { Equals, EqualsValue } from './equals.ts'
import { toLocalName } from './names.ts'
import { resolvePath } from './path.ts'

/**
 * Takes the conditions that stand beside `query` out of a list request: every request field of the
 * declaration that was given. Empty text, 0 and the NONE of an enum mean any; false means false only when the
 * caller sent it.
 */
export function requestEquals<View extends object>(
  entity: Entity<View>,
  request: object,
  has: (path: string) => boolean,
): Equals {
  const given = Object.entries(entity.requestFields).map(([name, path]) => {
    const value: unknown = Reflect.get(request, toLocalName(name))
    return [name, givenValue(entity, { name, path, value }, has)] as const
  })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

function givenValue<View extends object>(
  entity: Entity<View>,
  { name, path, value }: { readonly name: string; readonly path: string; readonly value: unknown },
  has: (path: string) => boolean,
): EqualsValue | undefined {
  if (typeof value === 'boolean') return value || has(name) ? value : undefined
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value !== 'number' || (value === 0 && !has(name))) return undefined
  const { field } = resolvePath(entity, path, name)
  if (field.kind !== 'column' || field.numbers === undefined) return value
  // No enum of the contract means anything by 0: it asks for nothing.
  if (value === 0) return undefined
  return Object.entries(field.numbers).find(([, number]) => number === value)?.[0] ?? `${value}`
}
