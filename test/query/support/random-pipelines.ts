import type { Random } from '../../inventory/decode/support/random.ts'
import { evaluateStage } from './evaluate-stat.ts'
import type { Kind } from './json-order.ts'
import type { Json, SampleDocument } from './sample-document.ts'
import type { SampleStage, StageCondition, StageField, StageKey } from './sample-stage.ts'
import { comparedKindAt, type FieldKind, kindAt, type Rows, sampleRows } from './stat-rows.ts'

/** A random pipeline that can be run: each stage names only what the stages before it left. */
export function randomPipeline(random: Random, documents: readonly SampleDocument[]): readonly SampleStage[] {
  const stages: SampleStage[] = []
  let rows = sampleRows(documents)
  for (let left = 1 + random.below(4); left > 0; left--) {
    const stage = randomStage(random, rows)
    stages.push(stage)
    rows = evaluateStage(rows, stage)
  }
  return stages
}

/** The stage as a message in JSON, each alias under its long or its short name. */
export function toMessage(stage: SampleStage, random: Random): unknown {
  return JSON.parse(JSON.stringify(stage), (key, value: unknown) => {
    const isAliased = typeof value === 'object' && value !== null && ('name' in value || 'operator' in value)
    if (!isAliased || key === 'count') return value
    const entries = Object.entries(value).map(([name, one]) => {
      const short = SHORT[name]
      return [short !== undefined && random.chance(0.3) ? short : name, one]
    })
    return Object.fromEntries(entries)
  })
}

const SHORT: Readonly<Record<string, string>> = { key: 'k', name: 'n', operator: 'o', value: 'v' }

/** A path that `distinct` can be asked for. */
export function randomDistinct(random: Random): string {
  return random.pick(pathsOf(sampleRows([])).filter((path) => !['notes', 'reference'].includes(path)))
}

function randomStage(random: Random, rows: Rows): SampleStage {
  const paths = pathsOf(rows)
  const lists = paths.filter((path) => isUnwindable(rows, path))
  const choice = random.below(100)
  if (choice < 22 && lists.length > 0) return { unwind: { path: random.pick(lists) } }
  if (choice < 60) return { group: randomGroup(random, rows, paths) }
  if (choice < 63) return { count: { name: 'number' } }
  if (choice < 75)
    return {
      sort: {
        keys: someOf(random, 1, 2, () => ({
          key: random.pick(exact(rows, paths)),
          desc: random.chance(0.5),
        })),
      },
    }
  if (choice < 88)
    return { project: { fields: randomProjection(random, rows, paths), exclude_keys: random.chance(0.3) } }
  return choice < 94 ? { limit: 1 + random.below(8) } : { skip: random.below(4) }
}

function randomGroup(
  random: Random,
  rows: Rows,
  paths: readonly string[],
): Extract<SampleStage, { group: unknown }>['group'] {
  const keys = someOf(random, 0, 3, (at) => randomKey(random, rows, paths, `k${at}`))
  const fields = someOf(random, keys.length === 0 ? 1 : 0, 3, (at) =>
    randomField(random, rows, paths, `f${at}`),
  )
  return { keys, fields }
}

function randomKey(random: Random, rows: Rows, paths: readonly string[], name: string): StageKey {
  const key = random.pick(exact(rows, paths))
  if (kindAt(rows, key) !== 'instant' || random.chance(0.3)) return { key, name }
  return { key, name, date_format: random.pick(['year', 'month', 'day', '%Y-%m', '%d "%H"\\%%', '%m']) }
}

function randomField(random: Random, rows: Rows, paths: readonly string[], name: string): StageField {
  const operator = random.pick(OPERATORS)
  const conditions = random.chance(0.4)
    ? someOf(random, 1, 2, () => randomCondition(random, rows, paths)).flat()
    : []
  if (operator === 'count') return { name, operator, conditions }
  if (operator === 'push') {
    return {
      name,
      operator,
      fields: someOf(random, 1, 2, (at) => ({ name: `s${at}`, key: random.pick(paths) })),
    }
  }
  const fitting = exact(rows, paths).filter((path) => fits(operator, kindAt(rows, path)))
  if (fitting.length === 0) return { name, operator: 'count' }
  const key = random.pick(fitting)
  return ['sum', 'average'].includes(operator) ? { name, operator, key, conditions } : { name, operator, key }
}

const OPERATORS = [
  'count',
  'sum',
  'average',
  'max',
  'min',
  'first',
  'last',
  'add_to_set',
  'merge_objects',
  'push',
]

function fits(operator: string, kind: Kind): boolean {
  if (operator === 'merge_objects') return kind === 'json'
  return !['sum', 'average'].includes(operator) || kind === 'number' || kind === 'json'
}

function randomCondition(random: Random, rows: Rows, paths: readonly string[]): readonly StageCondition[] {
  const comparable = exact(rows, paths).filter((path) => isComparable(rows, path))
  if (comparable.length === 0) return []
  const key = random.pick(comparable)
  const kind = comparedKindAt(rows, key)
  const operator = random.pick(operatorsFor(kind))
  const isEquality = operator === 'eq' || operator === 'not'
  return [{ key, operator, value: isEquality && random.chance(0.2) ? null : randomValue(random, kind) }]
}

// Whether absent text is smaller than other text is a matter of filters, which have their own tests.
function operatorsFor(kind: Kind): readonly StageCondition['operator'][] {
  if (kind === 'bool') return ['eq', 'not']
  return kind === 'text' ? ['eq', 'not', 'gt', 'gte'] : ['eq', 'not', 'lt', 'lte', 'gt', 'gte']
}

function randomValue(random: Random, kind: Kind): Json {
  if (kind === 'number') return random.below(5)
  if (kind === 'bool') return random.chance(0.5)
  if (kind === 'instant')
    return random.pick(['2026-01-02T03:04:05.678Z', '2026-03-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'])
  return kind === 'json' && random.chance(0.5) ? random.below(4) : random.pick(['a', 'b', 'ann', '10.0.0.1'])
}

function randomProjection(
  random: Random,
  rows: Rows,
  paths: readonly string[],
): Extract<SampleStage, { project: unknown }>['project']['fields'] {
  return someOf(random, 1, 3, (at) => {
    const key = random.pick(paths)
    const kind = kindAt(rows, key)
    const operator = random.pick(['size', 'array_to_object', 'object_to_array'])
    const isFit = kind === 'json' || (kind === 'list' && operator !== 'object_to_array')
    return { name: `p${at}`, key, ...(isFit && random.chance(0.5) ? { operator } : {}) }
  })
}

function someOf<T>(random: Random, least: number, most: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: least + random.below(most - least + 1) }, (_, at) => make(at))
}

/** Averages are rounded by each side in its own way, so nothing but showing them can be compared. */
function exact(rows: Rows, paths: readonly string[]): readonly string[] {
  const found = paths.filter((path) => kindAt(rows, path) !== 'average')
  return found.length === 0 ? paths : found
}

function isUnwindable(rows: Rows, path: string): boolean {
  const [first = ''] = path.split('.')
  const kind = rows.kinds[first]
  if (typeof kind === 'object' && 'each' in kind) return path === first
  if (typeof kind === 'object' && path === first) return false
  return ['json', 'list'].includes(kindAt(rows, path))
}

function isComparable(rows: Rows, path: string): boolean {
  const [first = ''] = path.split('.')
  const kind = rows.kinds[first]
  if (comparedKindAt(rows, path) === 'average') return false
  return typeof kind === 'string' || (path !== first && path !== 'reference.options')
}

function pathsOf({ kinds }: Pick<Rows, 'kinds'>): readonly string[] {
  return Object.entries(kinds).flatMap(([name, kind]) => [
    name,
    ...pathsInside(kind).map((path) => `${name}.${path}`),
  ])
}

function pathsInside(kind: FieldKind): readonly string[] {
  if (kind === 'json') return JSON_PATHS
  if (typeof kind === 'string') return []
  return pathsOf({ kinds: 'each' in kind ? kind.each : kind.fields })
}

const JSON_PATHS = [
  'a',
  'b',
  'n',
  'list',
  'list.0',
  'disks',
  'disks.gb',
  'disks.parts',
  'disks.parts.kind',
  'disks.0.gb',
  'o',
  'o.a',
  's0',
  'x',
]
