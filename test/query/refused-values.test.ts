import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { refusalOf, toQuery } from './sample.ts'

type Case = readonly [
  what: string,
  condition: readonly [key: string, operator: string, value: JsonValue],
  at: string,
  says: RegExp,
  code?: string,
]

const TYPE = 'ERROR_OPERATOR_VALUE_TYPE'

const CASES: readonly Case[] = [
  [
    'text for match',
    ['data.x', 'match', 'x'],
    '',
    /takes an object, got text/,
    'ERROR_OPERATOR_DICT_VALUE_TYPE',
  ],
  [
    'a list for match',
    ['data.x', 'match', []],
    '',
    /takes an object, got a list/,
    'ERROR_OPERATOR_DICT_VALUE_TYPE',
  ],
  [
    'null for match',
    ['data.x', 'match', null],
    '',
    /takes an object, got null/,
    'ERROR_OPERATOR_DICT_VALUE_TYPE',
  ],
  ['a list in match', ['data.x', 'match', { a: [1] }], '.a', /got a list/, TYPE],
  ['an empty step in match', ['data.x', 'match', { 'a..b': 1 }], '.a..b', /empty step/],
  ['match on a text field', ['name', 'match', { a: 1 }], '', /no objects/],
  ['match on a list of texts', ['addresses', 'match', { a: 1 }], '', /no objects/],
  ['match on a field of a list', ['notes.author', 'match', { a: 1 }], '', /no objects/],
  ['match on what is only shown', ['notes.written_at', 'match', {}], '', /shown only/],
  [
    'match by an unknown field',
    ['notes', 'match', { writer: 'x' }],
    '.writer',
    /'notes'.*'writer'.*author, stars/,
  ],
  ['match by a wrong value', ['notes', 'match', { stars: 'many' }], '.stars', /whole numbers, got 'many'/],
  ['match by a number beyond 2^53', ['data.x', 'match', { n: 2 ** 60 }], '.n', /2\^53/],
  ['a list for regex', ['name', 'regex', ['x']], '', /one value, got a list/, TYPE],
  ['text for regex_in', ['name', 'regex_in', 'x'], '', /takes a list/, 'ERROR_OPERATOR_LIST_VALUE_TYPE'],
  ['no pattern', ['name', 'regex_in', []], '', /empty/],
  ['a number as pattern', ['data.x', 'regex', 5], '', /is text, got a number/],
  ['null as pattern', ['data.x', 'regex_in', ['x', null]], '[1]', /is text, got null/],
  ['a pattern on numbers', ['size', 'regex', '1'], '', /look at text.*whole numbers/],
  ['a pattern on instants', ['seen_at', 'regex', '2026'], '', /look at text.*instants/],
  ['a pattern on a collection', ['notes', 'regex', 'x'], '', /notes.author/],
  ['a long pattern', ['name', 'regex', 'x'.repeat(513)], '', /513 characters, at most 512/],
  ['many patterns', ['data.x', 'regex_in', Array(33).fill('x')], '[32]', /more than 32/],
  ['a number as date', ['seen_at', 'datetime_lt', 1], '', /got a number; write ISO 8601/],
  ['null as date', ['seen_at', 'datetime_lt', null], '', /got null/],
  ['a list of dates', ['seen_at', 'datetime_lt', ['2026-01-01']], '', /one value/, TYPE],
  ['a date no calendar has', ['data.x', 'datetime_gte', '2025-02-29'], '', /'2025-02-29'/],
  ['a time of day no clock has', ['data.x', 'datetime_gte', '2025-01-01T24:00:00Z'], '', /T24/],
  ['a relative time as date', ['seen_at', 'datetime_gt', 'now'], '', /'now'/],
  ['a date on numbers', ['size', 'datetime_lt', '2026-01-01'], '', /whole numbers, which are no instants/],
  ['a date on states', ['state', 'datetime_lt', '2026-01-01'], '', /no instants/],
  ['a date on a whole object', ['reference', 'datetime_lt', '2026-01-01'], '', /reference.external_id/],
  ['a word as relative time', ['seen_at', 'timediff_lt', 'yesterday'], '', /'yesterday'; write now/],
  ['a date as relative time', ['seen_at', 'timediff_lt', '2026-01-01'], '', /now\/d - 7d/],
  [
    'a relative time beyond the calendar',
    ['seen_at', 'timediff_gt', 'now + 999999999w'],
    '',
    /relative to now/,
  ],
  [
    'a relative time on booleans',
    ['is_open', 'timediff_gt', 'now'],
    '',
    /true or false, which are no instants/,
  ],
]

describe('INVALID_ARGUMENT names the value for', () => {
  for (const [what, [key, operator, value], at, says, code = 'ERROR_DB_QUERY'] of CASES) {
    test(what, () => {
      const good: JsonObject = { key: 'name', operator: 'eq', value: 'x' }
      const refusal = refusalOf(toQuery({ filter_or: [good, { k: key, o: operator, v: value }] }))
      expect(refusal).toMatchObject({ kind: 'invalid', key: `query.filter_or[1].v${at}`, code })
      expect(refusal.message).toMatch(says)
    })
  }
})
