import type { ListField } from '../entity.ts'
import type { Params } from '../params.ts'
import { patternText } from '../pattern.ts'
import { refuse } from '../refuse.ts'
import { encodeText } from './column-types.ts'
import { instantOfText } from './instants.ts'
import { likeAny } from './like-any.ts'
import { NO_OBJECTS, type Operand } from './operand.ts'
import { textMatches } from './text-matches.ts'

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
    containsAny: (comparands) => any(likeAny('e.value', comparands.map(encodeText), params)),
    compare: (comparison, comparand) =>
      any(`e.value ${comparison} ${params.add(encodeText(comparand))}::text`),
    compareInstant: (comparison, instant) =>
      any(`${instantOfText('e.value')} ${comparison} ${params.add(instant.toISOString())}::timestamptz`),
    matchesPattern: (comparands) =>
      any(
        textMatches(
          'e.value',
          comparands.map((comparand) => patternText(comparand, params)),
          params,
        ),
      ),
    matchesPairs: (_, place) => refuse(place, NO_OBJECTS),
  }
}
