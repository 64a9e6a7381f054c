import type { Random } from '../../inventory/decode/support/random.ts'
import * as values from './random-documents.ts'
import type { Condition, Json, SampleDocument, SampleQuery } from './sample-document.ts'

/** A query that the language accepts, made of what some documents hold so that it finds a part of them. */
export function randomQuery(random: Random, documents: readonly SampleDocument[]): SampleQuery {
  const conditions = (most: number): Condition[] =>
    Array.from({ length: random.below(most + 1) }, () => randomCondition(random, random.pick(documents)))
  return {
    filter: random.chance(0.6) ? [randomCondition(random, random.pick(documents))] : conditions(3),
    filter_or: random.chance(0.3) ? conditions(3) : [],
    ...(random.chance(0.15) ? { keyword: randomKeyword(random) } : {}),
    ...(random.chance(0.6) ? { sort: { keys: randomSort(random) } } : {}),
    ...(random.chance(0.5) ? { page: { start: random.below(40), limit: random.below(60) } } : {}),
  }
}

function randomKeyword(random: Random): string {
  const words = Array.from(
    { length: 1 + random.below(2) },
    () => random.pick(values.TEXTS).split(/\s/)[0] ?? '',
  )
  return `${random.chance(0.3) ? 's-1' : ''} ${words.map((word) => word.slice(0, 2)).join('  ')}`
}

function randomSort(random: Random): { readonly key: string; readonly desc: boolean }[] {
  return random
    .shuffle(SORT_KEYS)
    .slice(0, 1 + random.below(3))
    .map((key) => ({ key, desc: random.chance(0.5) }))
}

const SORT_KEYS = [
  ...['name', 'owner', 'size', 'big', 'ratio', 'is_open', 'seen_at', 'data.rank', 'tags.team', 'sample_id'],
  'state',
]

type Kind = 'text' | 'names' | 'texts' | 'whole' | 'big' | 'float' | 'bool' | 'instant'

const COLUMNS: Readonly<Record<string, Kind>> = {
  sample_id: 'text',
  name: 'text',
  owner: 'text',
  sample_key: 'text',
  'reference.external_id': 'text',
  'notes.author': 'text',
  state: 'names',
  addresses: 'texts',
  size: 'whole',
  'notes.stars': 'whole',
  big: 'big',
  ratio: 'float',
  is_open: 'bool',
  seen_at: 'instant',
}

function randomCondition(random: Random, document: SampleDocument): Condition {
  if (random.chance(0.5)) return randomJsonCondition(random, document)
  if (random.chance(0.1)) return randomObjectCondition(random, document)
  const key = random.pick(Object.keys(COLUMNS))
  const kind = COLUMNS[key] ?? 'text'
  const operator = random.pick(OPERATORS.filter((one) => isFor(kind, one)))
  return { key, operator, value: valueFor(random, operator, () => columnValue(random, kind)) }
}

function isFor(kind: Kind, operator: string): boolean {
  const isText = kind === 'text' || kind === 'texts'
  if (/^(datetime|timediff)_/.test(operator)) return isText || kind === 'instant'
  if (operator.startsWith('regex')) return isText || kind === 'names'
  return kind !== 'bool' || !/^[lg]te?$/.test(operator)
}

function columnValue(random: Random, kind: Kind): Json {
  if (kind === 'whole') return random.chance(0.2) ? String(random.below(5)) : random.below(5)
  if (kind === 'big') return String(random.pick(values.BIGS))
  if (kind === 'float') return random.pick([0, 0.5, -2.25, 1e15, 3, 7])
  if (kind === 'bool') return random.chance(0.5)
  if (kind === 'instant') return random.pick(values.INSTANTS)
  if (kind === 'names') return random.pick(['OPEN', 'CLOSED', 'open', ''])
  if (random.chance(0.1)) return ''
  return random.pick(random.pick([values.TEXTS, values.ADDRESSES, values.AUTHORS, ['s-1', 's-20', 's-150']]))
}

/**
 * A path into one of the JSON documents of the sample, sometimes one step wrong, and often a value from
 * there.
 */
function randomJsonCondition(random: Random, document: SampleDocument): Condition {
  const [root, json] = random.pick<readonly [string, Json]>([
    ['data', document.data],
    ['data', document.data],
    ['reference.options', document.reference.options],
    ['tags', document.tags],
    ['by_provider', document.by_provider],
  ])
  const { steps, end } = stroll(random, json)
  if (root === 'by_provider' && random.chance(0.3)) steps[0] = '*'
  const operator = random.pick([...OPERATORS, 'match'])
  const key = [root, ...steps].join('.')
  if (operator === 'match') return { key, operator, value: randomPairs(random, end) }
  const value = (): Json => (random.chance(0.6) && isLeaf(end) ? end : values.randomLeaf(random))
  return { key, operator, value: valueFor(random, operator, value, random.chance(0.2) ? [end] : []) }
}

function randomObjectCondition(random: Random, { notes, reference }: SampleDocument): Condition {
  if (random.chance(0.3)) {
    return { key: random.pick(['notes', 'reference']), operator: 'exists', value: random.chance(0.5) }
  }
  if (random.chance(0.5)) {
    return {
      key: 'notes',
      operator: 'match',
      value: somePairs(random, { author: 'ann', stars: 1, ...notes[0] }),
    }
  }
  const { steps, end } = stroll(random, reference.options)
  const pairs = {
    external_id: reference.external_id,
    [['options', ...steps].join('.')]: isLeaf(end) ? end : null,
  }
  return { key: 'reference', operator: 'match', value: somePairs(random, pairs) }
}

/** Walks down from a value; lists are mostly walked through without a step of their own, as paths do. */
function stroll(random: Random, json: Json): { steps: string[]; end: Json } {
  const steps: string[] = []
  let end = json
  while (typeof end === 'object' && end !== null && !(steps.length > 0 && random.chance(0.15))) {
    const step = random.pick(Object.keys(end).length === 0 ? values.KEYS : Object.keys(end))
    if (!Array.isArray(end) || random.chance(0.4))
      steps.push(random.chance(0.05) ? random.pick(values.KEYS) : step)
    end = Object.hasOwn(end, step) ? Reflect.get(end, step) : null
  }
  return { steps, end }
}

function randomPairs(random: Random, end: Json): Json {
  const object = Array.isArray(end) ? random.pick([...end, null]) : end
  if (isLeaf(object) || Array.isArray(object))
    return { [random.pick(values.KEYS)]: values.randomLeaf(random) }
  const pairs = Object.entries(object).map(([key, one]) => [key, Array.isArray(one) ? null : one])
  return somePairs(random, Object.fromEntries(pairs))
}

function somePairs(random: Random, pairs: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(Object.entries(pairs).filter(([path]) => path !== '' && random.chance(0.7)))
}

function isLeaf(value: Json): value is Exclude<Json, object> {
  return typeof value !== 'object' || value === null
}

function valueFor(random: Random, operator: string, one: () => Json, more: readonly Json[] = []): Json {
  const some = (least: number): Json[] => Array.from({ length: least + random.below(3) }, one)
  if (operator === 'exists') return random.chance(0.5)
  if (operator.startsWith('datetime')) return random.pick(DATES)
  if (operator.startsWith('timediff')) return random.pick(TIMES)
  if (operator === 'regex') return random.pick(PATTERNS)
  if (operator === 'regex_in') return [random.pick(PATTERNS), random.pick(PATTERNS)]
  if (operator === 'in' || operator === 'not_in') {
    return [...some(0), ...more, ...(random.chance(0.1) ? [null] : [])]
  }
  if (operator.endsWith('contain_in')) return some(1).map((value) => value ?? 1)
  if (operator.endsWith('contain')) return one() ?? 1
  if (/^[lg]te?$/.test(operator)) return ordered(one())
  const [object] = more
  if (object !== undefined && !Array.isArray(object)) return object
  return random.chance(0.1) ? null : one()
}

function ordered(value: Json): Json {
  return typeof value === 'string' || typeof value === 'number' ? value : 2
}

const OPERATORS = [
  ...['eq', 'eq', 'not', 'in', 'not_in', 'contain', 'not_contain', 'contain_in', 'not_contain_in', 'exists'],
  ...[
    'lt',
    'lte',
    'gt',
    'gte',
    'regex',
    'regex_in',
    'datetime_lt',
    'datetime_lte',
    'datetime_gt',
    'datetime_gte',
  ],
  ...['timediff_lt', 'timediff_lte', 'timediff_gt', 'timediff_gte'],
]
const DATES = [
  ...values.INSTANTS,
  '2026-01-05',
  '2026-01-05T08:00:00.5Z',
  '2026-01-07 15:30',
  '2026-01-07T16:30+01:00',
]
const TIMES = [
  ...[
    'now',
    'now/d',
    'now/w',
    'now/m',
    'now - 1s',
    'now-15h',
    'now + 9h',
    'now/d - 2d',
    'now/w - 1w',
    'now/m-1s',
  ],
  'now/d+1d',
]
/** Patterns that mean the same to PostgreSQL and to JavaScript, which judges them. */
const PATTERNS = [
  '^a',
  'A$',
  '^$',
  'x|b',
  'li.*t',
  'e.e',
  '\\d{2}',
  '^[^a-m]',
  '\\(',
  '\\\\',
  '"',
  'web-0[1-9]',
  '.',
]
