import type { SpecDatabase } from '@aws-cdk/service-spec-types'
import { askOf } from '../../src/wide/ask-of.ts'
import { neededToList, toPath } from '../../src/wide/schema.ts'
import { typeFromSchema } from '../../src/wide/type-from-schema.ts'
import type { WideData, WideType } from '../../src/wide/wide-type.ts'
import { PARENTS } from './parents.ts'
import { reachOf } from './reach.ts'
import { referencesOf } from './references.ts'
import type { Registry } from './schemas.ts'

type Sources = {
  readonly registry: Registry
  readonly spec: SpecDatabase
  readonly versions: WideData['sources']
}

/**
 * Joins what the registry says of a type (identifier, handlers, tags, what is read-only) with what the
 * specification adds: ARN templates and which properties name other resources.
 */
export function buildData({ registry, spec, versions }: Sources): WideData {
  const ofAws = registry.schemas
    .filter(({ typeName }) => typeName.startsWith('AWS::'))
    .sort((a, b) => (a.typeName < b.typeName ? -1 : 1))
  const listable = ofAws.filter(({ handlers }) => handlers?.list !== undefined)
  const regions = [...registry.regions.keys()].sort()
  const candidates = listable.map((schema) => ({
    name: schema.typeName,
    identifier: (schema.primaryIdentifier ?? []).map(toPath),
    properties: Object.keys(schema.properties ?? {}),
  }))
  const types: Record<string, WideType> = {}
  const unlisted: Record<string, readonly string[]> = Object.fromEntries(
    ofAws.filter(({ handlers }) => handlers?.list === undefined).map(({ typeName }) => [typeName, []]),
  )
  for (const schema of listable) {
    const resource = spec.lookup('resource', 'cloudFormationType', 'equals', schema.typeName)[0]
    const references = resource === undefined ? [] : referencesOf(spec, resource)
    const needed = neededToList(schema)
    const ask = askOf({ schema, references, candidates, given: PARENTS[schema.typeName] })
    if (ask === undefined && needed.length > 0) {
      unlisted[schema.typeName] = needed
      continue
    }
    const reach = reachOf(schema.typeName, resource?.arnTemplate)
    types[schema.typeName] = {
      ...typeFromSchema(schema, resource?.arnTemplate?.replaceAll('${', '{')),
      ...(ask === undefined ? {} : { ask }),
      ...(references.length === 0 ? {} : { references }),
      ...(reach === undefined ? {} : { reach }),
      regions: bitsOf(regions, (region) => registry.regions.get(region)?.has(schema.typeName) ?? false),
    }
  }
  for (const typeName of orphans(types)) {
    unlisted[typeName] = Object.keys(types[typeName]?.ask?.parent?.properties ?? {})
    delete types[typeName]
  }
  return { sources: versions, regions, types, unlisted }
}

/** Types whose line of parents does not end in one that is listed without being told anything. */
function orphans(types: Readonly<Record<string, WideType>>): readonly string[] {
  const reaches = (name: string, path: readonly string[]): boolean => {
    const type = types[name]
    if (type === undefined || path.includes(name)) return false
    return type.ask?.parent === undefined || reaches(type.ask.parent.type, [...path, name])
  }
  return Object.keys(types).filter((name) => !reaches(name, []))
}

function bitsOf(regions: readonly string[], has: (region: string) => boolean): string {
  return regions
    .reduce((bits, region, at) => (has(region) ? bits | (1n << BigInt(at)) : bits), 0n)
    .toString(16)
}
