import type { JsonValue } from '@gleaner/sdk'
import type { JSONPathQuery } from 'json-p3'
import type { Paths } from './paths.ts'

export type Item = {
  readonly id: string
  readonly name: string | undefined
  readonly type: string | undefined
  readonly region: string | undefined
  readonly data: object
}

/** What the paths find in one item; undefined when it has no id, so that it cannot be known again. */
export function readItem(paths: Paths, item: JsonValue): Item | undefined {
  const id = textAt(paths.id, item)
  if (id === undefined) return undefined
  const rest = omit(paths.omit, item)
  return {
    id,
    name: textAt(paths.name, item),
    type: textAt(paths.type, item),
    region: textAt(paths.region, item),
    data: typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : { value: rest },
  }
}

/** The first thing that a path finds, when it is a text, number or truth value that is not empty. */
export function textAt(path: JSONPathQuery | undefined, value: JsonValue): string | undefined {
  const found = path?.match(value)?.value
  if (found === undefined || found === null || found === '' || typeof found === 'object') return undefined
  return String(found)
}

/** A copy without what the paths find. Later places go first, so that indexes in a list stay right. */
function omit(paths: readonly JSONPathQuery[], item: JsonValue): JsonValue {
  if (paths.length === 0) return item
  const copy = structuredClone(item)
  for (const path of paths) {
    for (const { location } of [...path.query(copy)].reverse()) removeAt(copy, location)
  }
  return copy
}

function removeAt(root: JsonValue, location: readonly (string | number)[]): void {
  let parent: unknown = root
  for (const key of location.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return
    parent = Reflect.get(parent, key)
  }
  const last = location.at(-1)
  if (last === undefined || typeof parent !== 'object' || parent === null) return
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else Reflect.deleteProperty(parent, last)
}
