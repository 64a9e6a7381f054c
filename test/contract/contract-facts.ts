import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { descriptorSetBase64 } from '../../src/gen/descriptor-set.ts'
import { http } from '../../src/gen/google/api/annotations_pb.ts'

/** The interface facts of an API, in the notation of `test/fixtures/contract/public-api.json`. */
export type Facts = {
  services: Record<string, Record<string, string>>
  messages: Record<string, string[]>
  enums: Record<string, string[]>
}

/** The compiled contract, read from the bytes the server ships. */
export function loadContract(): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSetBase64, 'base64')))
}

/** Describes every service, message and enum of the compiled contract whose name starts with `prefix`. */
export function contractFacts(contract: FileRegistry, prefix: string): Facts {
  const facts: Facts = { services: {}, messages: {}, enums: {} }
  for (const each of contract) {
    if (!each.typeName.startsWith(prefix)) continue
    if (each.kind === 'service') {
      facts.services[each.typeName] = Object.fromEntries(
        each.methods.map((method) => [method.name, methodFact(method)]),
      )
    } else if (each.kind === 'message') facts.messages[each.typeName] = fieldFacts(each)
    else if (each.kind === 'enum') facts.enums[each.typeName] = valueFacts(each)
  }
  return facts
}

function methodFact(method: DescMethod): string {
  const clientStream = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming'
  const serverStream = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming'
  const request = `${clientStream ? 'stream ' : ''}${method.input.typeName}`
  const response = `${serverStream ? 'stream ' : ''}${method.output.typeName}`
  return `${request} -> ${response}${httpFact(method)}`
}

/**
 * `  POST /path` for the only binding this contract knows; anything else is spelled out and so never matches.
 */
function httpFact(method: DescMethod): string {
  if (!hasOption(method, http)) return ''
  const rule = getOption(method, http)
  const isPlainPost = rule.pattern.case === 'post' && rule.body === '*' && rule.responseBody === ''
  if (isPlainPost && rule.additionalBindings.length === 0) return `  POST ${rule.pattern.value}`
  return `  unexpected binding ${rule.pattern.case} body '${rule.body}' '${rule.responseBody}'`
}

function fieldFacts(message: DescMessage): string[] {
  return message.fields.toSorted((a, b) => a.number - b.number).map(fieldFact)
}

function fieldFact(field: DescField): string {
  const repeated = field.fieldKind === 'list' ? 'repeated ' : ''
  const oneof = field.oneof === undefined ? '' : ` oneof ${field.oneof.name}`
  return `${field.number} ${repeated}${typeName(field)} ${field.name}${oneof}${explicitPresence(field)}`
}

/** Scalars have no presence in this contract; `optional` would change what absent means. */
function explicitPresence(field: DescField): string {
  const isPlain = field.oneof === undefined && (field.fieldKind === 'scalar' || field.fieldKind === 'enum')
  return isPlain && field.presence !== FeatureSet_FieldPresence.IMPLICIT ? ' optional' : ''
}

/** The name of what the field (or each of its elements) holds, as it is written in a proto file. */
export function typeName(field: DescField): string {
  if (field.fieldKind === 'map') return 'map'
  if (field.message !== undefined) return field.message.typeName
  if (field.enum !== undefined) return field.enum.typeName
  return ScalarType[field.scalar].toLowerCase()
}

function valueFacts(each: DescEnum): string[] {
  return each.values.toSorted((a, b) => a.number - b.number).map((value) => `${value.number} ${value.name}`)
}
