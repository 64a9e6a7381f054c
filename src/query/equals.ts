import type { Entity } from './entity.ts'
import { operandOf } from './operands/index.ts'
import type { Params } from './params.ts'
import { resolvePath } from './path.ts'
import { storableText } from './refuse.ts'
import type { Comparand } from './value.ts'

export type EqualsValue = string | number | boolean | readonly string[]

/**
 * Request fields and the values they must equal; a list means one of them, undefined and empty text mean any.
 */
export type Equals = Readonly<Record<string, EqualsValue | undefined>>

/** Compiles the fields that stand beside `query` in a list request. */
export function compileEquals<View extends object>(
  entity: Entity<View>,
  equals: Equals,
  params: Params,
): readonly string[] {
  return Object.entries(equals).flatMap(([name, value]) => {
    if (value === undefined || value === '') return []
    const path = Object.hasOwn(entity.requestFields, name) ? entity.requestFields[name] : undefined
    if (path === undefined)
      throw new Error(`the declaration of ${entity.noun} has no request field '${name}'`)
    return [compileEqual(entity, { name, path, value }, params)]
  })
}

function compileEqual<View extends object>(
  entity: Entity<View>,
  { name, path, value }: { readonly name: string; readonly path: string; readonly value: EqualsValue },
  params: Params,
): string {
  const operand = operandOf(resolvePath(entity, path, name), params)
  if (!Array.isArray(value)) return operand.equals(toComparand(value as string | number | boolean, name))
  return operand.isIn(value.map((one: string, at: number) => toComparand(one, `${name}[${at}]`)))
}

function toComparand(value: string | number | boolean, place: string): Comparand {
  return { value: typeof value === 'string' ? storableText(value, place) : value, place }
}
