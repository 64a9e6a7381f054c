import { create, fromJson, type JsonValue } from '@bufbuild/protobuf'
import { ValueSchema } from '@bufbuild/protobuf/wkt'
import { type Filter, FilterSchema } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import type { Condition, SearchValue } from './parse.ts'
import { SearchError } from './search-error.ts'
import type { ColonMeaning, SearchField } from './search-fields.ts'

/** How values of a field are written in conditions. */
export type Stored = 'plain' | 'document' | 'instant'

/** The operator and value of the API that say what a condition on one path means. */
export function filterOf(
  text: string,
  condition: Condition,
  { path, stored, colon }: { readonly path: string; readonly stored: Stored; readonly colon?: ColonMeaning },
): Filter {
  const { sign, values, isNegated } = condition
  const [only] = values
  const isAny = values.length === 1 && only?.text === '*' && !only.isQuoted
  if (isAny && (sign === ':' || sign === '=')) return filter(path, 'exists', !isNegated)
  for (const value of values) assertNoStar(text, condition, value)
  const order = ORDER_OPERATORS[sign]
  if (order !== undefined) return compareFilter(text, condition, { path, stored, order })
  if (stored === 'instant') throw notEqualToInstant(text, condition)

  const meant = values.flatMap((value) => meanings(value, { stored, isUpperCase: isUpperCase(sign, colon) }))
  const isPart =
    sign === '~' || (sign === ':' && colon === 'part' && values.every((each) => each.text !== ''))
  const operator = OPERATORS[isPart ? 'part' : 'equal'][isNegated ? 'negated' : 'plain']
  return meant.length === 1
    ? filter(path, operator.one, meant[0] ?? '')
    : filter(path, operator.several, meant)
}

/** One filter for each part of `kind:Group/Type`; all must hold, or, negated, any. */
export function partFilters(
  text: string,
  { field, sign, values, isNegated }: Condition,
  { paths, least }: Extract<SearchField, { kind: 'parts' }>,
): readonly Filter[] {
  const [value, second] = values
  const shape = `write ${field.text}:${paths.slice(-least).map(lastStep).join('/')}`
  if (sign !== ':' && sign !== '=') {
    throw new SearchError(text, field, `'${field.text}' takes no '${sign}'`, shape)
  }
  if (value === undefined || second !== undefined) {
    throw new SearchError(text, second ?? field, `'${field.text}' takes one value`, shape)
  }
  const parts = value.text.split('/')
  if (parts.length < least || parts.length > paths.length || parts.includes('')) {
    throw new SearchError(text, value, `'${field.text}' has ${least} to ${paths.length} parts`, shape)
  }
  return paths.slice(-parts.length).map((path, at) => filter(path, isNegated ? 'not' : 'eq', parts[at] ?? ''))
}

/** A condition in the API's words. */
export function filter(key: string, operator: string, value: JsonValue): Filter {
  return create(FilterSchema, {
    keyAlias: { case: 'key', value: key },
    valueAlias: { case: 'value', value: fromJson(ValueSchema, value) },
    operatorAlias: { case: 'operator', value: operator },
  })
}

function compareFilter(
  text: string,
  { field, sign, values, isNegated, start, end }: Condition,
  { path, stored, order }: { readonly path: string; readonly stored: Stored; readonly order: string },
): Filter {
  const [value, second] = values
  if (value === undefined || second !== undefined) {
    throw new SearchError(text, second ?? field, `'${sign}' compares with one value`)
  }
  if (isNegated) {
    // Not the same as the opposite sign, which finds nothing where the value is missing.
    const advice = `write ${field.text}${OPPOSITE_SIGNS[sign] ?? ''}${value.text}`
    throw new SearchError(text, { start, end }, `'${sign}' cannot be negated`, advice)
  }
  if (stored === 'instant' && /^now\b/.test(value.text)) return filter(path, `timediff_${order}`, value.text)
  const isNumber = stored === 'document' && !value.isQuoted && /^-?\d+(\.\d+)?$/.test(value.text)
  return filter(path, order, isNumber ? Number(value.text) : value.text)
}

/** The values meant by one that was written: in a document, `8` is a number or a text that looks like one. */
function meanings(
  { text, isQuoted }: SearchValue,
  { stored, isUpperCase }: { readonly stored: Stored; readonly isUpperCase: boolean },
): readonly JsonValue[] {
  const literal = stored === 'document' && !isQuoted ? literalOf(text) : undefined
  const written = isUpperCase ? text.toUpperCase() : text
  return literal === undefined ? [written] : [written, literal]
}

function literalOf(text: string): number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  const value = Number(text)
  return Number.isFinite(value) && String(value) === text && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? value
    : undefined
}

function assertNoStar(text: string, { field }: Condition, value: SearchValue): void {
  if (value.isQuoted || !/^\*|\*$/.test(value.text)) return
  const part = value.text.replaceAll('*', '')
  const advice =
    part === ''
      ? `write ${field.text}:* for any value`
      : `write ${field.text}~${part} to look for a part, or quote the value`
  throw new SearchError(text, value, `'*' stands for any value, not for a part of one`, advice)
}

function notEqualToInstant(text: string, { field, sign, start, end }: Condition): SearchError {
  const advice = `write ${field.text}>=2026-01-02 ${field.text}<2026-01-03, or ${field.text}>now-7d`
  return new SearchError(text, { start, end }, `'${sign}' on an instant of time`, advice)
}

function isUpperCase(sign: string, colon: ColonMeaning | undefined): boolean {
  return sign === ':' && colon === 'upper case'
}

function lastStep(path: string): string {
  return (path.split('_').at(-1) ?? path).replace(/^./, (letter) => letter.toUpperCase())
}

const OPERATORS = {
  equal: { plain: { one: 'eq', several: 'in' }, negated: { one: 'not', several: 'not_in' } },
  part: {
    plain: { one: 'contain', several: 'contain_in' },
    negated: { one: 'not_contain', several: 'not_contain_in' },
  },
} as const

const ORDER_OPERATORS: Readonly<Record<string, string>> = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }
const OPPOSITE_SIGNS: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' }
