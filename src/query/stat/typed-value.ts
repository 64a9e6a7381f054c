import type { ColumnType, DocumentField, Field } from '../entity.ts'
import type { Params } from '../params.ts'
import type { CollectionTarget, Target } from '../path.ts'
import { firstOfAnyKey, jsonValue } from './json-value.ts'
import { locate, refusePath } from './locate.ts'
import type { Rows } from './rows.ts'
import type { Placed } from './stage.ts'

/** An SQL expression and what it holds; JSON only where nothing better is known. */
export type TypedValue = { readonly sql: string; readonly type: ValueType; readonly nullable: boolean }

export type ValueType = ColumnType | 'list' | 'json'

/** The value a path leads to; instants as milliseconds, which is what callers see of them. */
export function valueAt(rows: Rows, key: Placed, params: Params): TypedValue {
  const target = locate(rows, key, params)
  if (target.field.kind === 'collection' && target.steps.length > 0) {
    return refusePath(key, 'is shown only, nothing can be computed from it')
  }
  return targetValue(target, params)
}

/** The value as jsonb, as it stands inside lists and objects of an answer. */
export function asJson({ sql, type }: TypedValue): string {
  if (type === 'json') return sql
  return type === 'timestamp'
    ? `to_jsonb(to_char(${sql} at time zone 'UTC', ${TIMESTAMP}))`
    : `to_jsonb(${sql})`
}

/** The field by which later stages read a value under a name of its own. */
export function fieldOf({ sql, type, nullable }: TypedValue): Field {
  if (type === 'json') return { kind: 'document', sql }
  if (type === 'list') return { kind: 'list', sql }
  return { kind: 'column', type, sql, nullable }
}

/** What a type is called in messages. */
export const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  text: 'text',
  enum: 'text',
  int: 'whole numbers',
  float: 'numbers',
  bool: 'true or false',
  timestamp: 'instants',
  list: 'a list of text',
  json: 'JSON',
}

function targetValue(target: Target | CollectionTarget, params: Params): TypedValue {
  const { field } = target
  if (field.kind === 'collection') {
    return {
      sql: eachOf(field.from, objectOf(field.fields, params)),
      type: 'json',
      nullable: true,
    }
  }
  const value = leafValue(field, target.steps, params)
  if (!('each' in target) || target.each === undefined) return value
  return { sql: eachOf(target.each, asJson(value)), type: 'json', nullable: true }
}

/** The value of a field, without the path that led there. */
export function leafValue(
  field: Exclude<Field, { kind: 'collection' }>,
  steps: readonly string[],
  params: Params,
): TypedValue {
  switch (field.kind) {
    case 'column': {
      const { sql, type, nullable } = field
      return { sql: type === 'timestamp' ? `date_trunc('milliseconds', ${sql})` : sql, type, nullable }
    }
    case 'list':
      return { sql: field.sql, type: 'list', nullable: false }
    case 'document': {
      if (isOfAnyKey(field, steps))
        return { sql: firstOfAnyKey(field.sql, steps, params), type: 'json', nullable: true }
      // Keys that may hold dots are keys of maps, where no list is on the way.
      const throughLists = field.depth === undefined
      return { sql: jsonValue(field.sql, steps, params, { throughLists }), type: 'json', nullable: true }
    }
    case 'object':
      return { sql: objectOf(field.fields, params), type: 'json', nullable: false }
  }
}

/** Whether steps begin with `*`, any key of a map of maps. */
export function isOfAnyKey({ depth }: DocumentField, steps: readonly string[]): boolean {
  return depth === 2 && steps.length > 1 && steps[0] === '*'
}

function objectOf(fields: Readonly<Record<string, Field>>, params: Params): string {
  const pairs = Object.entries(fields).flatMap(([name, field]) =>
    field.kind === 'collection' ? [] : [`${params.add(name)}::text, ${asJson(leafValue(field, [], params))}`],
  )
  return `jsonb_build_object(${pairs.join(', ')})`
}

function eachOf(from: string, json: string): string {
  return `(select jsonb_agg(${json} order by ${json}) from ${from})`
}

const TIMESTAMP = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
