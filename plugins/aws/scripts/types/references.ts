import type { Property, PropertyType, Resource, SpecDatabase } from '@aws-cdk/service-spec-types'
import type { Reference } from '../../src/wide/wide-type.ts'

const DEEPEST = 5

/** Every property of a type, however deep, that the specification says to name another resource. */
export function referencesOf(db: SpecDatabase, resource: Resource): readonly Reference[] {
  const found: Reference[] = []
  const walk = (properties: Readonly<Record<string, Property>>, path: readonly string[]) => {
    for (const [name, property] of Object.entries(properties)) {
      const here = [...path, name]
      for (const { cloudFormationType, propertyName } of property.relationshipRefs ?? [])
        found.push([here.join('.'), cloudFormationType, propertyName])
      if (here.length < DEEPEST) for (const inner of definitionsOf(db, property.type)) walk(inner, here)
    }
  }
  walk(resource.properties, [])
  const byText = new Map(found.map((reference) => [reference.join(' '), reference]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference)
}

/** The properties of what a value of this type holds, through lists, maps and alternatives. */
function definitionsOf(db: SpecDatabase, type: PropertyType): readonly Readonly<Record<string, Property>>[] {
  switch (type.type) {
    case 'ref':
      return [db.get('typeDefinition', type.reference.$ref).properties]
    case 'array':
    case 'map':
      return definitionsOf(db, type.element)
    case 'union':
      return type.types.flatMap((each) => definitionsOf(db, each))
    default:
      return []
  }
}
