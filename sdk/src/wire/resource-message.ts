import { ProtoWriter } from './proto-writer.ts'
import { writeStruct } from './write-struct.ts'

// ResourceInfo: state = 1, message = 2, resource_type = 3, match_rules = 4, resource = 6. test/wire compares
// with the generated code.
const STATE = 0x08
const MESSAGE = 0x12
const RESOURCE_TYPE = 0x1a
const MATCH_RULES = 0x22
const RESOURCE = 0x32

const STATES = { SUCCESS: 4, FAILURE: 5 } as const

const writer = new ProtoWriter()

export type ResourceMessage = {
  readonly state: keyof typeof STATES
  readonly message?: string
  readonly resourceType: string
  /** Encoded once by `encodeStruct`; the rules of a resource type never change. */
  readonly matchRules?: Uint8Array
  readonly resource: object
}

/**
 * Encodes one `ResourceInfo`. Written by hand because this runs once for every resource of an estate:
 * generated code needs five times as long for a document of 2 KB, and leaves the order of map entries to
 * chance. What it returns lies in memory that the next message is written to.
 */
export function encodeResource({
  state,
  message,
  resourceType,
  matchRules,
  resource,
}: ResourceMessage): Uint8Array {
  writer.reset()
  writeStruct(writer, resource)
  writer.close(RESOURCE, 0)
  if (matchRules) writer.raw(MATCH_RULES, matchRules)
  writer.text(RESOURCE_TYPE, resourceType)
  if (message) writer.text(MESSAGE, message)
  writer.small(STATE, STATES[state])
  return writer.view()
}

/** Encodes an object as a `google.protobuf.Struct`, keys sorted. */
export function encodeStruct(object: object): Buffer {
  writer.reset()
  writeStruct(writer, object)
  return writer.toBytes()
}
