import type { Field } from '../entity.ts'
import type { Params } from '../params.ts'
import { type CollectionTarget, resolvePath, type Target } from '../path.ts'
import { refuse } from '../refuse.ts'
import { eachOperand, wholeOperand } from './collection.ts'
import { columnOperand } from './column.ts'
import { documentOperand } from './document.ts'
import { listOperand } from './list.ts'
import { isEqual, type Operand, type Pair } from './operand.ts'

export { isEqual, type Operand, type Pair } from './operand.ts'

/** What conditions, sort and grouping can ask of the field a path leads to. */
export function operandOf(target: Target | CollectionTarget, params: Params): Operand {
  const { field, path, steps } = target
  if (field.kind === 'collection') {
    const exists = `exists (select 1 from ${field.from})`
    const matchesPairs = (pairs: readonly Pair[]): string =>
      `exists (select 1 from ${field.from} and (${allPairs(path, field.fields, pairs, params)}))`
    if (steps.length === 0)
      return wholeOperand({ reason: hasParts(path, field.fields), exists, matchesPairs })
    const reason = `'${path}' is shown only, conditions cannot look at it`
    return wholeOperand({ reason, exists, matchesPairs: (_, place) => refuse(place, reason) })
  }
  if (field.kind === 'object') {
    const matchesPairs = (pairs: readonly Pair[]): string => allPairs(path, field.fields, pairs, params)
    const whole = wholeOperand({ reason: hasParts(path, field.fields), exists: undefined, matchesPairs })
    return ofElement(target, whole)
  }
  return ofElement(target, ofField(field, target, params))
}

function ofElement(target: Target | CollectionTarget, operand: Operand): Operand {
  return 'each' in target && target.each !== undefined ? eachOperand(target.each, operand) : operand
}

function allPairs(
  path: string,
  fields: Readonly<Record<string, Field>>,
  pairs: readonly Pair[],
  params: Params,
): string {
  const parts = { noun: `part of '${path}'`, fields }
  const found = pairs.map(({ path: inside, comparand }) => {
    return `(${isEqual(operandOf(resolvePath(parts, inside, comparand.place), params), comparand)})`
  })
  return ['true', ...found].join(' and ')
}

function hasParts(path: string, parts: object): string {
  const paths = Object.keys(parts).map((part) => `${path}.${part}`)
  return `'${path}' is not one value; look at ${paths.join(', ')}`
}

function ofField(
  field: Exclude<Target['field'], { kind: 'object' }>,
  target: Target | CollectionTarget,
  params: Params,
): Operand {
  if (field.kind === 'column') return columnOperand(field, params)
  if (field.kind === 'list') return listOperand(field, params)
  return documentOperand(field, target.steps, params)
}
