import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { quote, refuse } from '../refuse.ts'
import { type Members, readMembers, readText } from './analyze-figures.ts'
import { readName } from './names.ts'
import type { Expression, Placed, Stage } from './stage.ts'

/**
 * Reads `select` of an analyze query: new names, each with a path or a formula over paths and numbers, which
 * may be nested: `{"share": {"operator": "divide", "fields": ["used", {"operator": "add", "fields": ["used",
 * "free"]}]}}`.
 */
export function readSelect(select: JsonObject, place: string): readonly Stage[] {
  const entries = Object.entries(select)
  if (entries.length === 0) return []
  if (entries.length > MAX_SELECTED) {
    refuse(place, `it has ${entries.length} fields, at most ${MAX_SELECTED} are computed`)
  }
  const fields = entries.map(([name, value]) => ({
    ...readName(name, place),
    from: readExpression(value, `${place}.${name}`, MAX_DEPTH),
  }))
  return [{ kind: 'project', fields, excludeKeys: true }]
}

function readExpression(value: JsonValue, place: string, depth: number): Expression {
  if (typeof value === 'string') return { kind: 'path', key: { path: value, place } }
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value }
  if (depth === 0) refuse(place, `it is nested deeper than ${MAX_DEPTH} formulas`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(place, 'it must be a path, a number, or an object with operator and key or fields')
  }
  return readCall(readMembers(value, place), place, depth)
}

function readCall(members: Members, place: string, depth: number): Expression {
  const operatorPlace = `${place}.operator`
  const operator = readText(members.operator, operatorPlace)
  const key: Placed = { path: readText(members.key, `${place}.key`), place: `${place}.key` }
  if (OF_LIST.includes(operator)) {
    if (members.fields !== undefined) refuse(`${place}.fields`, `'${operator}' takes a key`)
    return { kind: 'call', operator, operatorPlace, operands: [{ kind: 'path', key }] }
  }
  if (!OF_NUMBERS.includes(operator)) {
    const problem =
      operator === ''
        ? 'it is required, and was missing or empty'
        : `${quote(operator)} is no operator of select`
    refuse(operatorPlace, `${problem}; there are ${[...OF_NUMBERS, ...OF_LIST].join(', ')}`)
  }
  const { fields } = members
  if (!Array.isArray(fields)) {
    return refuse(
      `${place}.fields`,
      `'${operator}' takes a list of fields, each a path, a number or a formula`,
    )
  }
  assertOperands(operator, fields.length, `${place}.fields`)
  const operands = fields.map((one, at) => readExpression(one, `${place}.fields[${at}]`, depth - 1))
  return { kind: 'call', operator, operatorPlace, operands }
}

function assertOperands(operator: string, count: number, place: string): void {
  if (OF_TWO.includes(operator) && count !== 2) refuse(place, `'${operator}' takes two fields, got ${count}`)
  if (count === 0 || count > MAX_SELECTED) {
    refuse(place, `it has ${count} fields, 1 to ${MAX_SELECTED} are computed`)
  }
}

const OF_TWO: readonly string[] = ['subtract', 'divide']
const OF_NUMBERS: readonly string[] = ['add', 'subtract', 'multiply', 'divide']
const OF_LIST: readonly string[] = ['size', 'sum']
const MAX_SELECTED = 50
const MAX_DEPTH = 10
