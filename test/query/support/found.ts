import type { Json, SampleDocument } from './sample-document.ts'

/** What a path leads to: values of one type, or JSON, where each value has a type of its own. */
export type Found =
  | { readonly type: 'text'; readonly values: readonly string[] }
  | { readonly type: 'number'; readonly values: readonly (number | bigint)[] }
  | { readonly type: 'boolean'; readonly values: readonly boolean[] }
  /** Milliseconds: what is shown of an instant is what is compared. */
  | { readonly type: 'instant'; readonly values: readonly number[] }
  | { readonly type: 'json'; readonly values: readonly Json[] }
  | { readonly type: 'objects'; readonly values: readonly Parts[] }

/** An object, as what the paths inside it lead to. */
export type Parts = (path: string) => Found

/** Finds what a path leads to in a document. Text that is null is empty text. */
export function find(document: SampleDocument, path: string): Found {
  const [first = '', ...rest] = path.split('.')
  switch (first) {
    case 'sample_id':
    case 'name':
    case 'state':
    case 'owner':
      return { type: 'text', values: [document[first] ?? ''] }
    case 'sample_key': {
      const { owner, name } = document
      return { type: 'text', values: [owner === null ? '' : `${owner}.${name}`] }
    }
    case 'addresses':
      return { type: 'text', values: document.addresses }
    case 'size':
    case 'big':
    case 'ratio':
      return { type: 'number', values: present<number | bigint>(document[first]) }
    case 'is_open':
      return { type: 'boolean', values: present(document.is_open) }
    case 'seen_at':
      return { type: 'instant', values: present(document.seen_at).map((text) => Date.parse(text)) }
    case 'data':
      return { type: 'json', values: walk(document.data, rest) }
    case 'tags':
      return { type: 'json', values: walk(document.tags, joinAfter(0, rest)) }
    case 'by_provider':
      return { type: 'json', values: walkProviders(document.by_provider, joinAfter(1, rest)) }
    case 'reference':
      return findInReference(document, rest)
    case 'notes':
      return findInNotes(document.notes, rest[0])
    default:
      throw new Error(`the sample has no field '${path}'`)
  }
}

function findInReference(document: SampleDocument, [first, ...rest]: readonly string[]): Found {
  const { external_id: id, options } = document.reference
  if (first === 'options') return { type: 'json', values: walk(options, rest) }
  if (first === 'external_id') return { type: 'text', values: [id] }
  return { type: 'objects', values: [(path) => findInReference(document, path.split('.'))] }
}

function findInNotes(notes: SampleDocument['notes'], name: string | undefined): Found {
  if (name === 'author') return { type: 'text', values: notes.map(({ author }) => author) }
  if (name === 'stars') return { type: 'number', values: notes.map(({ stars }) => stars) }
  return { type: 'objects', values: notes.map((note) => (path) => findInNotes([note], path)) }
}

/**
 * Follows steps into JSON. A name is looked up in an object, and in a list in each object of it; a number
 * picks the element of a list, or is the name of a key.
 */
export function walk(value: Json, [step, ...rest]: readonly string[]): readonly Json[] {
  if (step === undefined) return [value]
  const nexts = isList(value) && !/^\d+$/.test(step) ? value.filter((one) => !isList(one)) : [value]
  return nexts.flatMap((next) => {
    if (typeof next !== 'object' || next === null || !Object.hasOwn(next, step)) return []
    return walk(Reflect.get(next, step), rest)
  })
}

/** In a map by provider a star is every provider. */
function walkProviders(value: Json, [provider, ...rest]: readonly string[]): readonly Json[] {
  if (provider !== '*') return walk(value, provider === undefined ? [] : [provider, ...rest])
  return Object.values(value ?? {}).flatMap((one: Json) => walk(one, rest))
}

/** The values conditions look at: of a list its elements, but not those of lists in it. */
export function elements(values: readonly Json[]): readonly Json[] {
  return values.flatMap((value) => (isList(value) ? value : [value]))
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** In maps whose keys may hold dots, what follows this many steps is one key. */
function joinAfter(count: number, steps: readonly string[]): readonly string[] {
  return steps.length <= count ? steps : [...steps.slice(0, count), steps.slice(count).join('.')]
}

function present<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value]
}
