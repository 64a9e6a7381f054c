import type { ListField } from '../entity.ts'
import type { Params } from '../params.ts'
import { encodeText } from './column-types.ts'
import { likePattern } from './like-pattern.ts'
import type { Operand } from './operand.ts'

/** Conditions on a `text[]`: they hold when they hold for any element. */
export function listOperand({ sql }: ListField, params: Params): Operand {
  const any = (predicate: string): string =>
    `exists (select 1 from unnest(${sql}) as e (value) where ${predicate})`
  return {
    value: () => sql,
    equals: (comparand) => `${sql} @> array[${params.add(encodeText(comparand))}::text]`,
    isAbsent: () => `coalesce(cardinality(${sql}), 0) = 0`,
    exists: () => `cardinality(${sql}) > 0`,
    isIn: (comparands) => `${sql} && ${params.add(comparands.map(encodeText))}::text[]`,
    containsAny(comparands) {
      const patterns = params.add(comparands.map((comparand) => likePattern(encodeText(comparand))))
      return any(`e.value ilike any(${patterns}::text[])`)
    },
    compare: (comparison, comparand) =>
      any(`e.value ${comparison} ${params.add(encodeText(comparand))}::text`),
  }
}
