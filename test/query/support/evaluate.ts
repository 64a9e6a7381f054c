import { type Found, find } from './found.ts'
import { holds, order } from './holds.ts'
import type { Json, SampleDocument, SampleQuery } from './sample-document.ts'

export type Answer = { readonly ids: readonly string[]; readonly totalCount: number }

/**
 * What a query must answer, worked out one document at a time from the rules of the language, without SQL and
 * without any code that makes it. Judges the real answers in the property test.
 */
export function evaluate(documents: readonly SampleDocument[], query: SampleQuery, now: Date): Answer {
  const found = documents.filter((document) => isFound(document, query, now))
  const sorted = found.toSorted((one, other) => orderOfDocuments(one, other, query))
  const { start = 1, limit = 0 } = query.page ?? {}
  const offset = Math.max(start, 1) - 1
  const held = sorted.slice(offset, offset + (limit === 0 ? 1_000 : Math.min(limit, 1_000)))
  return { ids: held.map((document) => document.sample_id), totalCount: found.length }
}

function isFound(document: SampleDocument, query: SampleQuery, now: Date): boolean {
  const { filter = [], filter_or: anyOf = [], keyword = '' } = query
  const asksForState = [...filter, ...anyOf].some(({ key }) => key === 'state')
  if (document.state === 'CLOSED' && !asksForState) return false
  if (!filter.every((condition) => holds(document, condition, now))) return false
  if (anyOf.length > 0 && !anyOf.some((condition) => holds(document, condition, now))) return false
  return keyword
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => hasWord(document, word))
}

function hasWord({ sample_id, name, addresses, reference }: SampleDocument, word: string): boolean {
  const texts = [sample_id, name, ...addresses, reference.external_id]
  return texts.some((text) => text.toLowerCase().includes(word.toLowerCase()))
}

/** By the keys asked for, else by name; then by id, in the direction of the last key. */
function orderOfDocuments(one: SampleDocument, other: SampleDocument, { sort }: SampleQuery): number {
  const keys = sort === undefined || sort.keys.length === 0 ? [{ key: 'name', desc: false }] : sort.keys
  const last = { key: 'sample_id', desc: keys.at(-1)?.desc ?? false }
  for (const { key, desc } of [...keys, last]) {
    const difference = orderOfValues(sortValue(one, key), sortValue(other, key))
    if (difference !== 0) return desc ? -difference : difference
  }
  return 0
}

type Sortable = Json | bigint | undefined

function sortValue(document: SampleDocument, key: string): Sortable {
  if (key === 'name') return document.name
  if (key === 'owner') return document.owner ?? undefined
  if (key === 'seen_at') return document.seen_at ?? undefined
  return firstOf(find(document, key))
}

function firstOf({ values }: Found): Sortable {
  return values[0] as Sortable
}

/** Absent, null, text, numbers, booleans; within each by value. */
function orderOfValues(one: Sortable, other: Sortable): number {
  const ranks = [one, other].map((value) => SORT_RANKS.indexOf(value === null ? 'null' : typeof value))
  return order(ranks[0], ranks[1]) || order(one, other)
}

const SORT_RANKS = ['undefined', 'null', 'string', 'number', 'bigint', 'boolean']
