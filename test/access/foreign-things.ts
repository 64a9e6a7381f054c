import type { JsonObject } from '@bufbuild/protobuf'
import { isMadeId, newId } from '../../src/core/ids.ts'
import { CASES } from '../conformance/cases/index.ts'
import { methodOf } from '../conformance/contract.ts'
import type { World } from '../conformance/world.ts'
import { type FieldPath, idFieldsOf, valueAt } from './id-fields.ts'

/** By the name of the field that names it, something that is there, and in which domain. */
export type Things = ReadonlyMap<string, Thing>
export type Thing = { readonly id: string; readonly domainId: string }

/**
 * Something of each noun in another domain than that of the documentation: made by the conformance table's
 * own requests, for whichever field a method names it by. Some of these speak of what only that domain has;
 * then another one has to make it.
 */
export async function makeThings(world: World): Promise<Things> {
  const things = new Map<string, Thing>()
  for (const { method, request, expected } of CASES) {
    if ('refused' in expected) continue
    const missing = idFieldsOf(methodOf(method).input).filter((path) => !things.has(nounOf(path)))
    if (missing.length === 0) continue
    const made = await request(world).catch((): JsonObject => ({}))
    for (const path of missing) {
      const id = valueAt(made, path)
      if (isOwn(id)) things.set(nounOf(path), { id, domainId: String(made.domain_id) })
    }
  }
  return things
}

/** What a field names: `plugin_info.secret_id` is the secret that `secret_id` is. */
export function nounOf(path: FieldPath): string {
  return path.at(-1) ?? ''
}

/** An id of the same shape that names nothing. */
export function missingLike(id: string): string {
  if (!isMadeId(id)) return `${id}999999`
  return `${id.slice(0, -12)}${newId('request').slice(-12)}`
}

// Plugins that come with the server, what the table says of nothing, and the one project that it knows by its
// id.
function isOwn(id: string): boolean {
  return (isMadeId(id) && !/-f{12}$|-0{11}.$/.test(id)) || id.startsWith('hold-')
}
