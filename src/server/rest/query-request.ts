import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf'
import { ScalarType } from '@bufbuild/protobuf'
import { InvalidParameter } from '../../core/errors.ts'
import type { RequestLimits } from '../limits.ts'
import type { ParsedRequest } from '../open-call.ts'
import { readJsonObject } from './json-request.ts'

/**
 * Turns the query of a URL into a message: a parameter for each field, by its proto name; one of a list as
 * often as there are values, or once with commas between them.
 */
export function readQueryRequest(
  desc: DescMessage,
  query: URLSearchParams,
  limits: RequestLimits,
): ParsedRequest {
  const json: JsonObject = {}
  for (const name of new Set(query.keys())) {
    const field = desc.fields.find((each) => each.name === name)
    json[name] = field === undefined ? null : toJsonValue(field, query.getAll(name))
  }
  return readJsonObject(desc, json, limits)
}

function toJsonValue(field: DescField, values: readonly string[]): JsonValue {
  if (field.fieldKind === 'list')
    return values.flatMap((value) => value.split(',')).filter((value) => value !== '')
  const [value = '', another] = values
  if (another !== undefined) throw new InvalidParameter(field.name, 'it stands in the query more than once')
  return field.scalar === ScalarType.BOOL ? toBoolean(field, value) : value
}

function toBoolean(field: DescField, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  throw new InvalidParameter(field.name, `expected true or false, got '${value.slice(0, 20)}'`)
}
