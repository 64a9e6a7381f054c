import { type DescField, type DescMethod, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf'
import comments from '../../src/gen/comments.json' with { type: 'json' }
import { damagedBodies, largeBodies } from './damage-body.ts'
import { damagedField } from './damage-field.ts'

/** A request that was good until one thing in it was spoilt, for one transport. */
export type Damaged = {
  readonly about: string
  readonly field: string
  readonly transport: 'grpc' | 'rest'
  readonly body: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** Over gRPC: the message is sent compressed. */
  readonly isCompressed?: boolean
  /** True when a server may also find nothing wrong: it is only asked not to break. */
  readonly mayPass?: boolean
  /** True when the transport itself refuses it, in its own words. */
  readonly isOfTransport?: boolean
}

/** The service for all of whose methods the size of a request is tried. */
const LARGE_FOR = 'spaceone.api.inventory.v1.Collector'

/**
 * Services that also have things of no domain: keys of the system administrator, and what was done above
 * domains.
 */
const OF_NO_DOMAIN: ReadonlySet<string> = new Set(['gleaner.v1.ApiKey', 'gleaner.v1.Audit'])

/** Everything that can be spoilt in a request of this type without knowing what it means. */
export function damagedRequests(method: DescMethod, good: JsonObject): readonly Damaged[] {
  const { input } = method
  return [
    ...damagedBodies(good),
    // No method ever sees them, and each costs a tenth of a second.
    ...(method.parent.typeName === LARGE_FOR ? largeBodies() : []),
    ...input.fields.flatMap((field) => damagedField({ root: input, path: [field], good })),
    // What is inside a message is spoilt as well, one level down; lists of messages are looked at by cases of
    // their own.
    ...input.fields.flatMap((parent) =>
      innerFields(parent).flatMap((field) => damagedField({ root: input, path: [parent, field], good })),
    ),
    ...requiredFields(method).flatMap((field) => withoutField(method, field, good)),
    ...(input.fields.some(({ name }) => name === 'domain_id') ? domains(method, good) : []),
  ]
}

function innerFields(field: DescField): readonly DescField[] {
  const isPlain = field.fieldKind === 'message' && !field.message.typeName.startsWith('google.')
  return isPlain ? field.message.fields : []
}

/** Fields that the reference calls required, come what may. */
export function requiredFields({ input }: DescMethod): readonly DescField[] {
  const all: Readonly<Record<string, string>> = comments
  return input.fields.filter(({ name }) =>
    /\bRequired(?:[.;]|, (?:not empty|at most|and always))/.test(all[`${input.typeName}.${name}`] ?? ''),
  )
}

function withoutField({ input }: DescMethod, field: DescField, good: JsonObject): readonly Damaged[] {
  const { [field.name]: _, ...rest } = good
  const empty = field.scalar === 9 ? [{ about: 'empty', json: { ...good, [field.name]: '' } }] : []
  return [
    { about: 'missing', json: rest },
    ...empty,
    { about: 'null', json: { ...good, [field.name]: null } },
  ].flatMap(({ about, json }): Damaged[] => [
    { about, field: field.name, transport: 'rest', body: JSON.stringify(json) },
    { about, field: field.name, transport: 'grpc', body: toBinary(input, fromJson(input, json)) },
  ])
}

function domains({ input, parent }: DescMethod, good: JsonObject): readonly Damaged[] {
  const unknown = { ...good, domain_id: 'domain-ffffffffffff' }
  return [
    {
      about: 'no domain',
      field: 'domain_id',
      transport: 'rest',
      body: JSON.stringify({ ...good, domain_id: '' }),
      mayPass: OF_NO_DOMAIN.has(parent.typeName),
    },
    { about: 'an unknown domain', field: 'domain_id', transport: 'rest', body: JSON.stringify(unknown) },
    {
      about: 'an unknown domain',
      field: 'domain_id',
      transport: 'grpc',
      body: toBinary(input, fromJson(input, unknown)),
    },
  ]
}
