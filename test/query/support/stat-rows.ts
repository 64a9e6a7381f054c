import { compareJson, isList, isObject, type Kind, toList } from './json-order.ts'
import type { Json, SampleDocument } from './sample-document.ts'

/**
 * What a field of the rows holds: values of one kind, an object with fields of its own, or a list of such
 * objects.
 */
export type FieldKind = Kind | { readonly fields: Kinds } | { readonly each: Kinds }
export type Kinds = { readonly [name: string]: FieldKind }

export type Row = {
  readonly values: { readonly [name: string]: Json }
  /** Where the row stands when nothing else is asked for. */
  readonly position: readonly number[]
}

export type Rows = {
  readonly kinds: Kinds
  readonly keys: readonly string[]
  /** In their order. */
  readonly rows: readonly Row[]
}

const SAMPLE_KINDS: Kinds = {
  sample_id: 'text',
  name: 'text',
  owner: 'text',
  state: 'text',
  size: 'number',
  big: 'number',
  ratio: 'number',
  is_open: 'bool',
  seen_at: 'instant',
  addresses: 'list',
  data: 'json',
  tags: 'json',
  by_provider: 'json',
  sample_key: 'text',
  reference: { fields: { external_id: 'text', options: 'json' } },
  notes: { each: { author: 'text', stars: 'number' } },
}

/** The rows a pipeline over these documents starts with. */
export function sampleRows(documents: readonly SampleDocument[]): Rows {
  const sorted = documents.toSorted((one, other) => (one.sample_id < other.sample_id ? -1 : 1))
  return {
    kinds: SAMPLE_KINDS,
    keys: [],
    rows: sorted.map(({ big: _, ...document }, at) => ({
      position: [at],
      values: {
        ...document,
        big: null,
        seen_at: document.seen_at === null ? null : new Date(document.seen_at).toISOString(),
        sample_key: document.owner === null ? null : `${document.owner}.${document.name}`,
        notes: document.notes.toSorted((one, other) =>
          one.author < other.author ? -1 : one.author > other.author ? 1 : one.stars - other.stars,
        ),
      },
    })),
  }
}

/** What a path leads to; null when there is nothing. */
export function valueAt({ kinds }: Pick<Rows, 'kinds'>, row: Row, path: string): Json {
  return valueInside({ fields: kinds }, row.values, path.split('.'))
}

export function kindAt({ kinds }: Pick<Rows, 'kinds'>, path: string): Kind {
  let kind: FieldKind = { fields: kinds }
  for (const step of path.split('.')) {
    if (typeof kind === 'string') return 'json'
    if ('each' in kind) return 'json'
    kind = kind.fields[step] ?? 'json'
  }
  return typeof kind === 'string' ? kind : 'json'
}

/** The kind of what conditions compare: of a list of objects, that of a field of each. */
export function comparedKindAt(rows: Pick<Rows, 'kinds'>, path: string): Kind {
  const [first = '', ...rest] = path.split('.')
  const kind = rows.kinds[first]
  return typeof kind === 'object' && 'each' in kind
    ? kindAt({ kinds: kind.each }, rest.join('.'))
    : kindAt(rows, path)
}

function valueInside(kind: FieldKind, value: Json, steps: readonly string[]): Json {
  if (kind === 'json') return findJson(value, steps)
  if (typeof kind === 'string' || steps.length === 0) {
    return typeof kind === 'object' && 'each' in kind && toList(value).length === 0
      ? null
      : inOrder(kind, value)
  }
  const [first = '', ...rest] = steps
  if ('fields' in kind)
    return valueInside(kind.fields[first] ?? 'json', Reflect.get(Object(value), first), rest)
  const found = toList(value).map((one) =>
    valueInside(kind.each[first] ?? 'json', Reflect.get(Object(one), first), rest),
  )
  return found.length === 0 ? null : found.toSorted(compareJson)
}

function inOrder(kind: FieldKind, value: Json): Json {
  return typeof kind === 'object' && 'each' in kind ? toList(value).toSorted(compareJson) : value
}

/**
 * Follows steps through keys and indexes. When they lead nowhere, the steps behind the last number run
 * through the lists on their way, and all they find is a list.
 */
export function findJson(value: Json, steps: readonly string[]): Json {
  const direct = follow(value, steps)
  if (direct !== undefined) return direct
  const found = findEach(value, steps)
  return found.length === 0 || isIndex(steps.at(-1) ?? '') ? null : found
}

/** All values that steps lead to when they run through lists. */
export function findEach(value: Json, steps: readonly string[]): readonly Json[] {
  const after = steps.findLastIndex(isIndex) + 1
  const start = follow(value, steps.slice(0, after))
  if (start === undefined) return []
  return steps
    .slice(after)
    .reduce<readonly Json[]>(
      (found, step) =>
        found
          .flatMap((one) => (isList(one) ? one : [one]))
          .flatMap((one) => (isObject(one) && Object.hasOwn(one, step) ? [one[step] ?? null] : [])),
      [start],
    )
}

export function follow(value: Json, steps: readonly string[]): Json | undefined {
  let at: Json | undefined = value
  for (const step of steps) {
    if (isList(at)) at = isIndex(step) ? at[Number(step)] : undefined
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }
  return at
}

function isIndex(step: string): boolean {
  return /^\d+$/.test(step)
}
