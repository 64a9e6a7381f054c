import {
  type DescField,
  type DescMessage,
  type DescMethod,
  fromJson,
  type JsonObject,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf'

/** A request that was good until one thing in it was spoilt, for one transport. */
export type Damaged = {
  readonly about: string
  readonly field: string
  readonly transport: 'grpc' | 'rest'
  readonly body: string | Uint8Array
  /** True when a server may also find nothing wrong: it is only asked not to break. */
  readonly mayPass?: boolean
}

/** Services that also have things of no domain: keys of the system administrator, and what was done above domains. */
const OF_NO_DOMAIN: ReadonlySet<string> = new Set(['gleaner.v1.ApiKey', 'gleaner.v1.Audit'])

const DEEP = 10_000
const LONG = 'x'.repeat(70_000)
/** A double that appears nowhere else, to be overwritten in the bytes by one that JSON cannot express. */
const MARKER = 1234.56789012345

/** Everything that can be spoilt in a request of this type without knowing what it means. */
export function damagedRequests({ input, parent }: DescMethod, good: JsonObject): readonly Damaged[] {
  return [
    ...wholeBody(good),
    ...input.fields.flatMap((field) => ofField(input, field, good)),
    ...(input.fields.some(({ name }) => name === 'domain_id')
      ? domains(input, good, OF_NO_DOMAIN.has(parent.typeName))
      : []),
  ]
}

function wholeBody(good: JsonObject): readonly Damaged[] {
  const text = JSON.stringify(good)
  return [
    rest('no JSON', '', `${text}}`),
    rest('a list instead of an object', '', `[${text}]`),
    rest('an unknown field', '', JSON.stringify({ ...good, no_such_field: 1 })),
    rest(
      'invalid UTF-8',
      '',
      Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]),
    ),
    { about: 'a message cut short', field: '', transport: 'grpc', body: Uint8Array.of(0x0a, 0x7f, 0x61) },
    { about: 'a group that never ends', field: '', transport: 'grpc', body: Uint8Array.of(0x0b) },
  ]
}

function ofField(input: DescMessage, field: DescField, good: JsonObject): readonly Damaged[] {
  const set = (about: string, value: unknown, mayPass = false) => ({
    ...rest(about, field.name, bodyWith(good, field.name, value)),
    mayPass,
  })
  const wrongType = field.scalar === ScalarType.STRING ? [1] : 'not of this type'
  const always = isAnyValue(field) ? [] : [set('a value of a wrong type', wrongType)]
  if (field.fieldKind === 'list' && field.scalar === ScalarType.STRING)
    return [...always, set('a zero character', ['a\u0000b'])]
  if (field.fieldKind === 'enum') return [...always, set('an unknown name', 'NO_SUCH_VALUE')]
  if (field.scalar === ScalarType.STRING) {
    return [
      ...always,
      set('a zero character', 'a\u0000b'),
      rest('half a surrogate pair', field.name, bodyWith(good, field.name, '@').replace('"@"', '"\\ud800"')),
      set('70,000 characters', LONG),
      overGrpc(input, good, field.name, 'a zero character', 'a\u0000b'),
    ]
  }
  if (field.scalar === ScalarType.INT32)
    return [...always, set('a number beyond 32 bits', 2 ** 31), set('a fraction', 0.5)]
  if (isStruct(field)) return [...always, ...ofStruct(input, field, good)]
  return always
}

function ofStruct(input: DescMessage, field: DescField, good: JsonObject): readonly Damaged[] {
  const deep = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`
  const withDeep = bodyWith(good, field.name, '@').replace('"@"', deep)
  const special = '{"__proto__":{"polluted":1},"constructor":{"prototype":1}}'
  return [
    rest(`${DEEP} levels`, field.name, withDeep),
    {
      ...rest(
        'keys special to JavaScript',
        field.name,
        bodyWith(good, field.name, '@').replace('"@"', special),
      ),
      mayPass: true,
    },
    rest('a zero character inside', field.name, bodyWith(good, field.name, { a: 'b\u0000' })),
    notANumber(input, field, good, Number.NaN),
    notANumber(input, field, good, Number.POSITIVE_INFINITY),
  ]
}

function notANumber(input: DescMessage, field: DescField, good: JsonObject, value: number): Damaged {
  const bytes = Buffer.from(toBinary(input, fromJson(input, { ...good, [field.name]: { a: MARKER } })))
  const marker = Buffer.alloc(8)
  marker.writeDoubleLE(MARKER)
  bytes.writeDoubleLE(value, bytes.indexOf(marker))
  return { about: `${value} inside`, field: field.name, transport: 'grpc', body: bytes }
}

function domains(input: DescMessage, good: JsonObject, isOptional: boolean): readonly Damaged[] {
  return [
    {
      ...rest('no domain', 'domain_id', JSON.stringify({ ...good, domain_id: '' })),
      mayPass: isOptional,
    },
    rest('an unknown domain', 'domain_id', JSON.stringify({ ...good, domain_id: 'domain-ffffffffffff' })),
    overGrpc(input, good, 'domain_id', 'an unknown domain', 'domain-ffffffffffff'),
  ]
}

function overGrpc(
  input: DescMessage,
  good: JsonObject,
  field: string,
  about: string,
  value: string,
): Damaged {
  const body = toBinary(input, fromJson(input, { ...good, [field]: value }))
  return { about, field, transport: 'grpc', body }
}

function rest(about: string, field: string, body: string | Uint8Array): Damaged {
  return { about, field, transport: 'rest', body }
}

function bodyWith(good: JsonObject, name: string, value: unknown): string {
  return JSON.stringify({ ...good, [name]: value })
}

function isStruct(field: DescField): boolean {
  return field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.Struct'
}

function isAnyValue(field: DescField): boolean {
  return field.message?.typeName === 'google.protobuf.Value'
}
