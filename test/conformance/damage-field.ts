import type { DescMessage } from '@bufbuild/protobuf'
import {
  type DescField,
  fromJson,
  type JsonObject,
  type JsonValue,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf'
import type { Damaged } from './damage.ts'
import { withRawField } from './raw-field.ts'
import { DEEP, deepStruct, specialStruct } from './raw-struct.ts'

/** A field of a request, or of a message in it, by the fields that lead there. */
export type Place = {
  readonly root: DescMessage
  readonly path: readonly DescField[]
  readonly good: JsonObject
}

const LONG = 'x'.repeat(70_000)
/** Values that appear nowhere else, to be overwritten in the bytes by ones that JSON cannot express. */
const MARKED_NUMBER = 1234.56789012345
const MARKED_TEXT = 'qqqqqqqqqqqqqqqq'

/** What can be wrong with one field, whatever it means. */
export function damagedField(place: Place): readonly Damaged[] {
  const field = lastOf(place.path)
  const wrongType = field.scalar === ScalarType.STRING ? [1] : 'not of this type'
  const always = isAnyValue(field) ? [] : [rest(place, 'a value of a wrong type', wrongType)]
  return [...always, ...ofKind(place, field)]
}

function ofKind(place: Place, field: DescField): readonly Damaged[] {
  if (isStruct(field)) return ofStruct(place)
  if (field.fieldKind === 'list')
    return field.scalar === ScalarType.STRING ? [rest(place, 'a zero character', ['a\u0000b'])] : []
  if (field.fieldKind === 'enum')
    return [rest(place, 'an unknown name', 'NO_SUCH_VALUE'), grpc(place, 'an unknown number', 77)]
  if (field.scalar === ScalarType.STRING) return ofText(place)
  if (field.scalar === ScalarType.INT32 || field.scalar === ScalarType.UINT32)
    return [rest(place, 'a number beyond 32 bits', 2 ** 32), rest(place, 'a fraction', 0.5)]
  return []
}

function ofText(place: Place): readonly Damaged[] {
  // Inside a message there are texts without a limit of their own, such as what is searched for.
  const mayPass = place.path.length > 1
  return [
    rest(place, 'a zero character', 'a\u0000b'),
    grpc(place, 'a zero character', 'a\u0000b'),
    { ...rest(place, 'half a surrogate pair', '@'), body: bodyWith(place, '@').replace('"@"', '"\\ud800"') },
    { ...rest(place, '70,000 characters', LONG), mayPass },
    { ...grpc(place, '70,000 characters', LONG), mayPass },
    { ...grpc(place, 'invalid UTF-8', MARKED_TEXT), body: withInvalidText(place) },
  ]
}

function ofStruct(place: Place): readonly Damaged[] {
  const deep = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`
  const special = '{"__proto__":{"polluted":1},"constructor":{"prototype":1}}'
  const raw = (about: string, struct: Uint8Array, mayPass = false): Damaged => {
    const body = withRawField(place.root, place.good, { path: place.path, bytes: struct })
    return { about, field: nameOf(place), transport: 'grpc', body, mayPass }
  }
  return [
    { ...rest(place, `${DEEP} levels`, '@'), body: bodyWith(place, '@').replace('"@"', deep) },
    raw(`${DEEP} levels`, deepStruct()),
    {
      ...rest(place, 'keys special to JavaScript', '@'),
      body: bodyWith(place, '@').replace('"@"', special),
      mayPass: true,
    },
    raw('keys special to JavaScript', specialStruct(), true),
    rest(place, 'a zero character inside', { a: 'b\u0000' }),
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({
      ...grpc(place, `${value} inside`, { a: MARKED_NUMBER }),
      body: withNumber(place, value),
    })),
  ]
}

function withNumber(place: Place, value: number): Uint8Array {
  const bytes = bytesWith(place, { a: MARKED_NUMBER })
  const marker = Buffer.alloc(8)
  marker.writeDoubleLE(MARKED_NUMBER)
  bytes.writeDoubleLE(value, bytes.indexOf(marker))
  return bytes
}

function withInvalidText(place: Place): Uint8Array {
  const bytes = bytesWith(place, MARKED_TEXT)
  bytes[bytes.indexOf(MARKED_TEXT)] = 0xff
  return bytes
}

function rest(place: Place, about: string, value: JsonValue): Damaged {
  return { about, field: nameOf(place), transport: 'rest', body: bodyWith(place, value) }
}

function grpc(place: Place, about: string, value: JsonValue): Damaged {
  return { about, field: nameOf(place), transport: 'grpc', body: bytesWith(place, value) }
}

// The matrix counts what is inside a message with the field that holds it.
function nameOf({ path }: Place): string {
  return path[0]?.name ?? ''
}

function bodyWith(place: Place, value: JsonValue): string {
  return JSON.stringify(jsonWith(place.good, place.path, value))
}

function bytesWith(place: Place, value: JsonValue): Buffer {
  return Buffer.from(toBinary(place.root, fromJson(place.root, jsonWith(place.good, place.path, value))))
}

function jsonWith(json: JsonObject, [field, ...deeper]: readonly DescField[], value: JsonValue): JsonObject {
  if (field === undefined) return json
  const inner = json[field.name]
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  return {
    ...json,
    [field.name]: deeper.length === 0 ? value : jsonWith(isObject ? inner : {}, deeper, value),
  }
}

function lastOf(path: readonly DescField[]): DescField {
  const last = path.at(-1)
  if (last === undefined) throw new Error('a place has at least one field')
  return last
}

function isStruct(field: DescField): boolean {
  return field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.Struct'
}

function isAnyValue(field: DescField): boolean {
  return field.message?.typeName === 'google.protobuf.Value'
}
