import type { JsonObject, JsonValue, Relation } from '@gleaner/sdk'
import type { Place } from '../place.ts'
import { blanksOf, fillArn, isArn, patternOf } from './arn.ts'
import type { Reference, WideType } from './wide-type.ts'

/** Policies and logs may hold hundreds of ARNs, of which no map is drawn. */
const MOST_RELATIONS = 100

type Types = Readonly<Record<string, WideType>>
type Source = {
  readonly place: Place
  readonly types: Types
  readonly arn: string | undefined
  readonly coveredBy: (typeName: string) => string | undefined
}

/**
 * Arrows to other resources: what the specification says a property names, and every ARN that stands in the
 * document. A name that could be of several types, or whose ARN nothing tells, makes none: no arrow is better
 * than one to something else.
 */
export function relationsOf(
  properties: JsonObject,
  references: readonly Reference[],
  source: Source,
): readonly Relation[] {
  const found = new Map<string, Relation>()
  const add = (name: string, target: Target) => {
    if (target.arn !== source.arn && found.size < MOST_RELATIONS) {
      const { arn: resourceId } = target
      const type = target.type === undefined ? undefined : (source.coveredBy(target.type) ?? target.type)
      found.set(`${name} ${resourceId}`, { name, resourceId, ...(type === undefined ? {} : { type }) })
    }
  }
  const byPath = Map.groupBy(references, ([path]) => path)
  for (const [path, candidates] of byPath) {
    for (const value of valuesAt(properties, path.split('.'))) {
      const target = resolve(value, candidates, source)
      if (target !== undefined) add(toName(path), target)
    }
  }
  const known = new Set([...found.values()].map(({ resourceId }) => resourceId))
  for (const [name, arn] of arnsIn(properties))
    if (!known.has(arn)) add(toName(name), { arn, type: undefined })
  return [...found.values()]
}

type Target = { readonly arn: string; readonly type: string | undefined }

function resolve(
  value: string,
  candidates: readonly Reference[],
  { place, types }: Source,
): Target | undefined {
  if (value.startsWith('arn:')) {
    const names = [...new Set(candidates.map(([, type]) => type))]
    const [only, ...others] = names.length === 1 ? names : names.filter((name) => matches(types[name], value))
    return isArn(value) ? { arn: value, type: others.length === 0 ? only : undefined } : undefined
  }
  const targets = candidates.flatMap(([, type, property]) => {
    const arn = arnByName(types[type], property, value, place)
    return arn === undefined ? [] : [{ arn, type }]
  })
  const arns = new Set(targets.map(({ arn }) => arn))
  return arns.size === 1 ? targets[0] : undefined
}

/** Where an ARN has a single blank, and the property is what the resource is known by. */
function arnByName(
  type: WideType | undefined,
  property: string,
  value: string,
  place: Place,
): string | undefined {
  const template = type?.template ?? type?.arn
  if (type === undefined || template === undefined || !template.startsWith('arn:')) return undefined
  const [blank, ...more] = blanksOf(template)
  if (blank === undefined || more.length > 0 || /WithPath$/.test(blank) || /arn$/i.test(property))
    return undefined
  const isKnownByIt = blank === property || (type.identifier.length === 1 && type.identifier[0] === property)
  return isKnownByIt ? fillArn(template, () => value, place) : undefined
}

function matches(type: WideType | undefined, arn: string): boolean {
  const template = type?.template ?? type?.arn
  return template?.startsWith('arn:') === true && patternOf(template).test(arn)
}

/** All texts that a path leads to, through every list on its way. */
function valuesAt(value: JsonValue | undefined, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path))
  const [step, ...rest] = path
  if (step === undefined) return typeof value === 'string' && value !== '' ? [value] : []
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return []
  return valuesAt(value[step], rest)
}

function* arnsIn(value: JsonValue, name = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') {
    if (isArn(value)) yield [name, value]
  } else if (Array.isArray(value)) {
    for (const item of value) yield* arnsIn(item, name)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* arnsIn(each, key)
  }
}

/** `NetworkConfiguration.AwsvpcConfiguration.Subnets` as `subnets`. */
function toName(path: string): string {
  const last = path.split('.').at(-1) ?? path
  return last
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}
