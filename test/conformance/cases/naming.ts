import type { JsonObject } from '@bufbuild/protobuf'
import { type Case, casesOf } from '../case.ts'
import type { World } from '../world.ts'

/** Makes what a request names and returns the fields that name it: `{domain_id, region_id}`. */
export type Own = (world: World) => Promise<JsonObject>

/** What every method that names one thing by its id has to say about ids that name nothing. */
export function namingCases(
  service: string,
  method: string,
  idField: string,
  own: Own,
  rest: JsonObject = {},
) {
  const { refuses } = casesOf(service)
  const NOT_FOUND = ['not_found', 'ERROR_NOT_FOUND', 'not found'] as const
  const swap = (id: string) => async (world: World) => ({ ...(await own(world)), ...rest, [idField]: id })
  const cases: readonly Case[] = [
    refuses(method, `no ${idField}`, swap(''), ['invalid', 'ERROR_REQUIRED_PARAMETER', `'${idField}'`]),
    refuses(method, `an unknown ${idField}`, swap('nothing-ffffffffffff'), NOT_FOUND),
    refuses(
      method,
      `the ${idField} of another domain`,
      async (world) => ({ ...(await own(world)), ...rest, domain_id: world.foreign.domain_id }),
      NOT_FOUND,
    ),
  ]
  return cases
}
