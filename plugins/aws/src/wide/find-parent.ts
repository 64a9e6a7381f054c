import { type Ask, kindOf, type Reference } from './wide-type.ts'

/** A type that may be the parent of another, and the properties its resources are known to have. */
export type Candidate = {
  readonly name: string
  readonly identifier: readonly string[]
  readonly properties: readonly string[]
}

type Need = {
  readonly typeName: string
  /** Properties that the list has to be told. */
  readonly needed: readonly string[]
  /** What is known of them to name other resources. */
  readonly references: readonly Reference[]
}

/** How surely a property of one type is told by another; several such are added up. */
const STATED = 100
const NAMED_AFTER = 10
const NAMED_LIKE = 5
const SHARED = 0

/**
 * The type whose resources can tell all that a list wants to know: at least one of the properties is its own,
 * by what the specification states or by name, and it has the others from its own parents.
 */
export function findParent(need: Need, candidates: readonly Candidate[]): Ask['parent'] | undefined {
  const { group } = kindOf(need.typeName)
  const rated = candidates
    .filter(({ name }) => name !== need.typeName)
    .flatMap((candidate) => {
      const isOutside = kindOf(candidate.name).group !== group
      const sources = need.needed.map((property) => sourceOf(property, candidate, need.references))
      const known = sources.filter((source) => source !== undefined)
      const rating = known.reduce((sum, source) => sum + source.rating, 0)
      if (known.length < sources.length || rating === 0 || (isOutside && rating < STATED)) return []
      const properties = Object.fromEntries(
        need.needed.map((property, at) => [property, known[at]?.property ?? '']),
      )
      return [{ type: candidate.name, properties, rating, parts: candidate.identifier.length }]
    })
    .sort(
      (a, b) =>
        b.rating - a.rating || a.parts - b.parts || a.type.length - b.type.length || compare(a.type, b.type),
    )
  const [best, second] = rated
  // A name that is merely alike decides nothing between two types.
  if (best === undefined || (best.rating < NAMED_AFTER && second?.rating === best.rating)) return undefined
  return { type: best.type, properties: best.properties }
}

type Source = { readonly property: string; readonly rating: number }

function sourceOf(
  needed: string,
  candidate: Candidate,
  references: readonly Reference[],
): Source | undefined {
  const { identifier, name, properties } = candidate
  const stated = references
    .filter(([path, type]) => path === needed && type === name)
    .map(([, , source]) => source)
  const best = stated.find((source) => identifier.includes(source)) ?? stated[0]
  if (best !== undefined) return { property: best, rating: STATED }
  const rating = ratingOf(needed, kindOf(name).type)
  const own = rating > 0 ? ownProperty(needed, candidate) : undefined
  if (own !== undefined) return { property: own, rating }
  return properties.includes(needed) && !GENERIC.test(needed)
    ? { property: needed, rating: SHARED }
    : undefined
}

/** `RestApiId` is named after `RestApi`, and like `Api`. */
function ratingOf(needed: string, type: string): number {
  const stem = needed.replace(/(Identifier|Id|Arn|ARN|Name)$/, '')
  if (stem === '') return 0
  if (stem.toLowerCase() === type.toLowerCase()) return NAMED_AFTER
  return type.endsWith(stem) || stem.endsWith(type) ? NAMED_LIKE : 0
}

/** The property of the type that holds what the other one calls `needed`. */
function ownProperty(needed: string, { identifier, name, properties }: Candidate): string | undefined {
  const { type } = kindOf(name)
  const sort = /(Identifier|Id|Arn|ARN|Name)$/.exec(needed)?.[0] ?? ''
  const sorts = sort === 'Identifier' || sort === '' ? ['Id', 'Identifier', 'Name', 'Arn'] : [sort]
  const wanted = [needed, ...sorts.flatMap((each) => [each, `${type}${each}`])].map((each) =>
    each.toLowerCase(),
  )
  const inIdentifier = identifier.find((each) => wanted.includes(each.toLowerCase()))
  return inIdentifier ?? properties.find((each) => wanted.includes(each.toLowerCase()))
}

/** Names that mean something else in each type. */
const GENERIC = /^(Id|Arn|Name|Identifier|Type|Scope|Region|Key|Principal|Resource|ResourceArn|ResourceId)$/i

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
