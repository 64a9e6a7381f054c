import { PluginError } from '@gleaner/sdk'
import { askInOrder } from '../ask-in-order.ts'
import { identifierOf } from './arn.ts'
import type { WideRegion } from './region.ts'
import type { Resource } from './to-fields.ts'
import type { WideType } from './wide-type.ts'

/** What a second source knows and a list has not shown yet. */
export type Explored = {
  readonly strikeOff: (resource: Resource, resourceId: string | undefined) => void
  /** Fails where something is there that the list did not show. */
  readonly assertNothingLeft: () => Promise<void>
}

type Listed = { readonly region: WideRegion; readonly typeName: string; readonly type: WideType }

/** More than these are not looked at one by one: a source that knows so much more is not merely late. */
const MOST_LOOKED_AT = 100
const LOOKS_AT_ONCE = 8

/**
 * Explorer hears of deletions late, for hours, so that its word alone withholds nothing: each thing that the
 * list did not show is looked at by itself. What cannot be looked at, for want of an identifier in its ARN or
 * of a permission, proves nothing.
 */
export function createExplored({ region, type, typeName }: Listed, arns: readonly string[]): Explored {
  const left = new Map<string, string>()
  for (const arn of arns) {
    const identifier = identifierOf(type, arn)
    if (identifier !== undefined) left.set(identifier, arn)
  }
  const look = async (identifier: string): Promise<boolean> => {
    try {
      await region.get(typeName, identifier)
      return true
    } catch {
      return false
    }
  }
  return {
    strikeOff({ identifier }, resourceId) {
      left.delete(identifier)
      const told = resourceId === undefined ? undefined : identifierOf(type, resourceId)
      if (told !== undefined) left.delete(told)
    },
    async assertNothingLeft() {
      const asked = [...left.keys()].slice(0, MOST_LOOKED_AT)
      const there: string[] = []
      let at = 0
      for await (const isThere of askInOrder(asked, LOOKS_AT_ONCE, look)) {
        const identifier = asked[at++] ?? ''
        if (isThere) there.push(left.get(identifier) ?? identifier)
      }
      const [first] = there
      if (first === undefined) return
      throw new PluginError(
        'ERROR_COUNT_MISMATCH',
        `listing ${typeName} in ${region.place.region}: Resource Explorer knows ${there.length} that are there and that the list does not hold, such as ${first}; nothing is taken for gone`,
        { status: 'FAILED_PRECONDITION' },
      )
    },
  }
}
