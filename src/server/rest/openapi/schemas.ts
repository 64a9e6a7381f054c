import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  ScalarType,
} from '@bufbuild/protobuf'
import { commentOf } from './comments.ts'
import type { Json } from './json.ts'

/** Messages with a JSON form of their own. */
const WELL_KNOWN: Readonly<Record<string, Json>> = {
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array', items: {} },
  'google.protobuf.Empty': { type: 'object', additionalProperties: false },
}

/** JSON has no 64-bit integers: protobuf writes them as text. */
const SCALARS: Readonly<Partial<Record<ScalarType, Json>>> = {
  [ScalarType.STRING]: { type: 'string', default: '' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64', default: '' },
  [ScalarType.BOOL]: { type: 'boolean', default: false },
  [ScalarType.INT32]: { type: 'integer', format: 'int32', default: 0 },
  [ScalarType.UINT32]: { type: 'integer', minimum: 0, maximum: 4_294_967_295, default: 0 },
  [ScalarType.INT64]: { type: 'string', pattern: '^-?[0-9]+$', default: '0' },
  [ScalarType.UINT64]: { type: 'string', pattern: '^[0-9]+$', default: '0' },
  [ScalarType.FLOAT]: { type: 'number', default: 0 },
  [ScalarType.DOUBLE]: { type: 'number', default: 0 },
}

/** The name of a type among the schemas of the document. */
export function schemaName(desc: DescMessage | DescEnum): string {
  return desc.typeName
}

/**
 * A schema for every message and enum the methods reach. What a request may hold is closed, answers may grow.
 */
export function schemasOf(methods: readonly DescMethod[]): Json {
  const inputs = reachableFrom(methods.map((method) => method.input))
  const all = reachableFrom(methods.flatMap((method) => [method.input, method.output]))
  const entries = [...all].map((desc) => {
    const schema = desc.kind === 'enum' ? enumSchema(desc) : messageSchema(desc, inputs.has(desc))
    return [schemaName(desc), schema]
  })
  return Object.fromEntries(entries)
}

function reachableFrom(roots: readonly (DescMessage | DescEnum)[]): Set<DescMessage | DescEnum> {
  const found = new Set<DescMessage | DescEnum>()
  const open = [...roots]
  for (let desc = open.pop(); desc !== undefined; desc = open.pop()) {
    if (found.has(desc)) continue
    found.add(desc)
    if (desc.kind === 'enum' || WELL_KNOWN[desc.typeName] !== undefined) continue
    open.push(...desc.fields.flatMap((field) => field.message ?? field.enum ?? []))
  }
  return found
}

function messageSchema(desc: DescMessage, isClosed: boolean): Json {
  const own = WELL_KNOWN[desc.typeName]
  if (own !== undefined) return own
  return {
    type: 'object',
    description: commentOf(desc.typeName),
    properties: Object.fromEntries(desc.fields.map((field) => [field.name, fieldSchema(field)])),
    ...(isClosed ? { additionalProperties: false } : {}),
  }
}

export function fieldSchema(field: DescField): Json {
  const description = commentOf(`${field.parent.typeName}.${field.name}`)
  if (field.fieldKind === 'list') return { type: 'array', description, items: itemSchema(field) }
  if (field.fieldKind === 'map')
    return { type: 'object', description, additionalProperties: itemSchema(field) }
  return { ...itemSchema(field), description }
}

function itemSchema(field: DescField): Json {
  const desc = field.message ?? field.enum
  if (desc !== undefined) return { $ref: `#/components/schemas/${schemaName(desc)}` }
  const schema = field.scalar === undefined ? undefined : SCALARS[field.scalar]
  if (schema === undefined) throw new Error(`no JSON schema for the type of ${field.toString()}`)
  return schema
}

function enumSchema(desc: DescEnum): Json {
  const values = desc.values.map(
    (value) => `- \`${value.name}\`: ${commentOf(`${desc.typeName}.${value.name}`)}`,
  )
  return {
    type: 'string',
    enum: desc.values.map((value) => value.name),
    default: desc.values[0]?.name,
    description: [commentOf(desc.typeName), values.join('\n')].filter((part) => part !== '').join('\n\n'),
  }
}
