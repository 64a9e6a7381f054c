import { compareJson, compareValues, isList, isObject, toList } from './json-order.ts'
import type { Json, SampleDocument } from './sample-document.ts'
import type { SampleStage, StageCondition, StageField, StageKey } from './sample-stage.ts'
import {
  type FieldKind,
  findEach,
  follow,
  type Kinds,
  kindAt,
  type Row,
  type Rows,
  sampleRows,
  valueAt,
} from './stat-rows.ts'

/**
 * What a pipeline must answer, worked out row by row from the rules of the language, without SQL and without
 * any code that makes it. Judges the real answers in the property test.
 */
export function evaluateStat(documents: readonly SampleDocument[], stages: readonly SampleStage[]): Json {
  return shown(stages.reduce(evaluateStage, sampleRows(documents)))
}

/** The rows as an answer shows them. */
export function shown({ kinds, rows }: Rows): readonly Json[] {
  return rows.map((row) =>
    Object.fromEntries(Object.keys(kinds).map((name) => [name, valueAt({ kinds }, row, name)])),
  )
}

/** What `distinct` must answer. */
export function evaluateDistinct(documents: readonly SampleDocument[], path: string): readonly Json[] {
  const start = sampleRows(documents)
  const found = start.rows.flatMap((row) => {
    const [first = '', ...rest] = path.split('.')
    const json =
      start.kinds[first] === 'json' ? findEach(row.values[first] ?? null, rest) : [valueAt(start, row, path)]
    return json.flatMap((value) => (isList(value) ? value : [value]))
  })
  return different(found)
}

export function evaluateStage(before: Rows, stage: SampleStage): Rows {
  if ('unwind' in stage) return unwind(before, stage.unwind.path)
  if ('group' in stage) return group(before, stage.group)
  if ('sort' in stage) return sort(before, stage.sort.keys)
  if ('project' in stage) return project(before, stage.project)
  if ('limit' in stage) return { ...before, rows: before.rows.slice(0, stage.limit) }
  if ('skip' in stage) return { ...before, rows: before.rows.slice(stage.skip) }
  const { name } = stage.count
  return {
    kinds: { [name]: 'number' },
    keys: [],
    rows: [{ values: { [name]: before.rows.length }, position: [] }],
  }
}

function unwind(before: Rows, path: string): Rows {
  const steps = path.split('.')
  const rows = before.rows.flatMap((row) => {
    const list = follow(row.values, steps) ?? null
    const elements = isList(list) ? list : list === null ? [] : [list]
    return elements.map((element, at) => ({
      values: Object(replaced(row.values, steps, element)),
      position: [...row.position, at],
    }))
  })
  return { ...before, kinds: unwoundKinds(before.kinds, steps), rows }
}

function unwoundKinds(kinds: Kinds, [first = '', ...rest]: readonly string[]): Kinds {
  const kind: FieldKind = kinds[first] ?? 'json'
  if (kind === 'list') return { ...kinds, [first]: 'text' }
  if (typeof kind === 'string') return kinds
  if ('each' in kind) return { ...kinds, [first]: { fields: kind.each } }
  return { ...kinds, [first]: { fields: unwoundKinds(kind.fields, rest) } }
}

function replaced(value: Json | undefined, [step, ...rest]: readonly string[], element: Json): Json {
  if (step === undefined) return element
  if (isList(value)) return value.with(Number(step), replaced(value[Number(step)], rest, element))
  return { ...Object(value), [step]: replaced(Reflect.get(Object(value), step), rest, element) }
}

function sort(before: Rows, keys: readonly { readonly key: string; readonly desc: boolean }[]): Rows {
  const rows = before.rows.toSorted((one, other) => {
    for (const { key, desc } of keys) {
      const order = compareValues(valueAt(before, one, key), valueAt(before, other, key), kindAt(before, key))
      if (order !== 0) return desc ? -order : order
    }
    return comparePositions(one, other)
  })
  return { ...before, rows }
}

function comparePositions({ position: one }: Row, { position: other }: Row): number {
  const at = one.findIndex((place, index) => place !== other[index])
  return (one[at] ?? 0) - (other[at] ?? 0)
}

function group(
  before: Rows,
  { keys, fields }: { readonly keys: readonly StageKey[]; readonly fields: readonly StageField[] },
): Rows {
  const groups = new Map<string, { readonly key: readonly Json[]; readonly rows: Row[] }>()
  for (const row of before.rows) {
    const key = keys.map((one) => groupKey(before, row, one))
    const known = groups.get(canonical(key)) ?? { key, rows: [] }
    groups.set(canonical(key), known)
    known.rows.push(row)
  }
  const kinds: Kinds = Object.fromEntries([
    ...keys.map((key) => [key.name, keyKind(before, key)] as const),
    ...fields.map((field) => [field.name, figureKind(before, field)] as const),
  ])
  const made = [...groups.values()].toSorted((one, other) => {
    const orders = keys.map(({ name }, at) =>
      compareValues(one.key[at] ?? null, other.key[at] ?? null, kindAt({ kinds }, name)),
    )
    return orders.find((order) => order !== 0) ?? 0
  })
  return {
    kinds,
    keys: keys.map(({ name }) => name),
    rows: made.map(({ key, rows }, at) => ({
      position: [at],
      values: Object.fromEntries([
        ...keys.map(({ name }, index) => [name, key[index] ?? null]),
        ...fields.map((field) => [field.name, figure({ ...before, rows }, field)]),
      ]),
    })),
  }
}

function groupKey(before: Rows, row: Row, { key, date_format: format = '' }: StageKey): Json {
  const value = valueAt(before, row, key)
  if (format === '' || value === null) return value
  const [year, month, day, hour] = String(value).split(/[-T:]/)
  if (format === 'year') return Number(year)
  if (format === 'month') return Number(month)
  if (format === 'day') return Number(day)
  const parts: Readonly<Record<string, string | undefined>> = {
    '%Y': year,
    '%m': month,
    '%d': day,
    '%H': hour,
    '%%': '%',
  }
  return format.replace(/%./g, (code) => parts[code] ?? '')
}

function keyKind(before: Rows, { key, date_format: format = '' }: StageKey): FieldKind {
  if (format === '') return kindAt(before, key)
  return ['year', 'month', 'day'].includes(format) ? 'number' : 'text'
}

function figureKind(before: Rows, { operator, key = '' }: StageField): FieldKind {
  if (operator === 'average') return 'average'
  if (['count', 'sum'].includes(operator)) return 'number'
  if (['add_to_set', 'merge_objects', 'push'].includes(operator)) return 'json'
  const kind = kindAt(before, key)
  return kind === 'list' ? 'json' : kind
}

function figure(rows: Rows, field: StageField): Json {
  const { operator, key = '', conditions = [], fields = [] } = field
  const values = rows.rows.map((row) => (key === '' ? null : valueAt(rows, row, key)))
  const present = values.filter((value) => value !== null)
  const chosen = rows.rows.map((row) => conditions.every((condition) => holds(rows, row, condition)))
  const numbers = values
    .map((value, at) => (chosen[at] === true ? value : 0))
    .filter((value) => typeof value === 'number')
  const total = numbers.reduce((sum, number) => sum + number, 0)
  const kind = key === '' || kindAt(rows, key) === 'list' ? 'json' : kindAt(rows, key)
  const ordered = present.toSorted((one, other) => compareValues(one, other, kind))
  switch (operator) {
    case 'count':
      return chosen.filter((isChosen) => isChosen).length
    case 'sum':
      return total
    case 'average':
      return numbers.length === 0 ? null : total / numbers.length
    case 'max':
      return ordered.at(-1) ?? null
    case 'min':
      return ordered[0] ?? null
    case 'first':
      return values[0] ?? null
    case 'last':
      return values.at(-1) ?? null
    case 'add_to_set':
      return different(present)
    case 'merge_objects':
      return Object.assign({}, ...present.filter(isObject))
    case 'push':
      return rows.rows.map((row) =>
        Object.fromEntries(fields.map((sub) => [sub.name, valueAt(rows, row, sub.key)])),
      )
    default:
      throw new Error(`there is no operator '${operator}'`)
  }
}

/** A condition looks at the elements of a list, and at what it finds on a path through lists. */
function holds(rows: Rows, row: Row, { key, operator, value }: StageCondition): boolean {
  const [first = '', ...rest] = key.split('.')
  const isJson = rows.kinds[first] === 'json'
  const found = isJson ? findEach(row.values[first] ?? null, rest) : [valueAt(rows, row, key)]
  const elements = found.flatMap((one) => (isList(one) ? one : [one]))
  if (operator === 'not') return !holds(rows, row, { key, operator: 'eq', value })
  if (operator === 'eq' && value === null) {
    // Text without a character is absent; a list of texts is when it has none.
    if (!isJson) return elements.every((one) => one === null || one === '')
    return found.length === 0 || elements.includes(null)
  }
  return elements.some((one) => {
    if (one === null || typeof one !== typeof value) return false
    const order = compareJson(one, value)
    return { eq: order === 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[operator]
  })
}

function project(
  before: Rows,
  { fields, exclude_keys: excludesKeys }: Extract<SampleStage, { project: unknown }>['project'],
): Rows {
  const names = fields.map(({ name }) => name)
  const keys = excludesKeys ? [] : before.keys.filter((key) => !names.includes(key))
  return {
    keys,
    kinds: Object.fromEntries([
      ...keys.map((key) => [key, before.kinds[key] ?? 'json'] as const),
      ...fields.map(
        ({ name, key, operator }) =>
          [
            name,
            operator === undefined ? kindAt(before, key) : operator === 'size' ? 'number' : 'json',
          ] as const,
      ),
    ]),
    rows: before.rows.map((row) => ({
      ...row,
      values: Object.fromEntries([
        ...keys.map((key) => [key, row.values[key] ?? null]),
        ...fields.map(({ name, key, operator }) => [name, projected(valueAt(before, row, key), operator)]),
      ]),
    })),
  }
}

function projected(value: Json, operator: string | undefined): Json {
  if (operator === undefined) return value
  if (operator === 'object_to_array') {
    if (!isObject(value)) return null
    return Object.entries(value)
      .map(([k, v]) => ({ k, v }))
      .toSorted((one, other) => (one.k < other.k ? -1 : 1))
  }
  if (!isList(value)) return null
  if (operator === 'size') return value.length
  const pairs = value.map((one) => {
    if (!isObject(one)) return toList(one)
    const { k, v } = one
    return k === undefined || v === undefined ? [] : [k, v]
  })
  return Object.fromEntries(pairs.filter((pair) => pair.length === 2 && typeof pair[0] === 'string'))
}

function different(values: readonly Json[]): readonly Json[] {
  const known = new Map(values.filter((value) => value !== null).map((value) => [canonical(value), value]))
  return [...known.values()].toSorted(compareJson)
}

/** Equal values have equal texts, in whatever order their keys were written. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )
}
