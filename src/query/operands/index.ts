import type { Params } from '../params.ts'
import type { CollectionTarget, Target } from '../path.ts'
import { eachOperand, wholeOperand } from './collection.ts'
import { columnOperand } from './column.ts'
import { documentOperand } from './document.ts'
import { listOperand } from './list.ts'
import type { Operand } from './operand.ts'

export type { Operand } from './operand.ts'

/** What conditions, sort and grouping can ask of the field a path leads to. */
export function operandOf(target: Target | CollectionTarget, params: Params): Operand {
  const { field, path } = target
  if (field.kind === 'collection') {
    const exists = `exists (select 1 from ${field.from})`
    if (target.steps.length > 0)
      return wholeOperand(`'${path}' is shown only, conditions cannot look at it`, exists)
    return wholeOperand(hasParts(path, field.fields), exists)
  }
  if (field.kind === 'object') return wholeOperand(hasParts(path, field.fields), undefined)
  const operand = ofField(field, target, params)
  return 'each' in target && target.each !== undefined ? eachOperand(target.each, operand) : operand
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
