import type { JsonObject } from '@gleaner/sdk'
import { askInOrder } from '../ask-in-order.ts'
import { isGone } from '../errors.ts'
import { noteAlone } from './asked-alone.ts'
import { isUnreadable } from './handler-errors.ts'
import type { Models } from './models.ts'
import type { WideRegion } from './region.ts'
import type { Resource } from './to-fields.ts'
import type { WideType } from './wide-type.ts'

/** Resources of one list that are asked for at once. */
const DETAILS_AT_ONCE = 8

type Listing = {
  readonly region: WideRegion
  readonly models: Models
  readonly typeName: string
  readonly type: WideType
  readonly details: 'missing' | 'always'
}

/** All resources of a type in a region, as fully as they can be read. */
export async function* listType({
  details,
  models,
  region,
  type,
  typeName,
}: Listing): AsyncGenerator<readonly Resource[]> {
  let canRead = true
  let [resources, alone] = [0, 0]
  const load = async (resource: Resource): Promise<Resource | undefined> => {
    if (!canRead || (details === 'missing' && isToldEnough(resource, type))) return resource
    alone++
    try {
      const { properties } = await region.get(typeName, resource.identifier)
      return { identifier: resource.identifier, properties }
    } catch (error) {
      if (isGone(error)) return undefined
      if (!isUnreadable(error)) throw error
      canRead = false
      return resource
    }
  }
  for await (const model of models.of(typeName)) {
    for await (const page of region.list(typeName, model)) {
      resources += page.length
      const isWhole = page.every((resource) => details === 'missing' && isToldEnough(resource, type))
      if (isWhole) yield page
      else
        for await (const resource of askInOrder(page, DETAILS_AT_ONCE, load))
          if (resource !== undefined) yield [resource]
    }
  }
  noteAlone({ ...region.place, typeName, details, as: 'resources' }, { resources, alone })
}

/**
 * Many lists hold identifiers alone, and many leave the tags out. That is told by the resource itself, not by
 * its neighbours, so that what is kept of it does not depend on them.
 */
export function isToldEnough({ properties }: Resource, { identifier, tags }: WideType): boolean {
  if (tags !== undefined && !Object.hasOwn(properties, tags)) return false
  return Object.keys(properties).some((name) => !identifier.includes(name) && name !== tags)
}

/** A property of a resource, also one that only its identifier tells. */
export function propertyOf(
  { identifier, properties }: Resource,
  type: WideType,
  name: string,
): JsonObject[string] | undefined {
  if (properties[name] !== undefined) return properties[name]
  const at = type.identifier.indexOf(name)
  return at < 0 ? undefined : partsOf(identifier, type)[at]
}

/** `cluster|service` for an identifier of two parts. */
function partsOf(identifier: string, type: WideType): readonly string[] {
  return type.identifier.length === 1 ? [identifier] : identifier.split('|')
}
