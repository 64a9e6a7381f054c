import type { ProtoWriter } from './proto-writer.ts'

/** Deeper documents are refused: readers bound their depth, and a cycle would have none. */
const MAX_DEPTH = 100

// google.protobuf.Struct: fields = 1 (map); a map entry: key = 1, value = 2; ListValue: values = 1.
const FIELD_ENTRY = 0x0a
const ENTRY_KEY = 0x0a
const ENTRY_VALUE = 0x12
const LIST_ITEM = 0x0a
// google.protobuf.Value, one of: null = 1, number = 2, string = 3, bool = 4, struct = 5, list = 6.
const VALUE_NULL = 0x08
const VALUE_NUMBER = 0x11
const VALUE_STRING = 0x1a
const VALUE_BOOL = 0x20
const VALUE_STRUCT = 0x2a
const VALUE_LIST = 0x32

/** A value that a document cannot hold; `path` says where it was. */
export class UnwritableValue extends Error {
  path: string[] = []
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/**
 * Writes an object as the content of a `google.protobuf.Struct`, deterministically: keys are sorted by their code
 * units at every level, so equal content gives equal bytes in every process. `undefined` is left out, a Date is
 * written as UTC text, a bigint as decimal text, and -0 as 0.
 */
export function writeStruct(writer: ProtoWriter, object: object, depth = 1): void {
  if (depth > MAX_DEPTH) throw new UnwritableValue(`is nested deeper than ${MAX_DEPTH} levels, or in a cycle`)
  const fields = asFields(object)
  const keys = sortedKeys(fields)
  for (let index = keys.length - 1; index >= 0; index--) {
    const key = keys[index] ?? ''
    const value = fields[key]
    if (value === undefined) continue
    const entryEnd = writer.length
    writeNamed(writer, key, value, depth)
    writer.varint(writer.length - entryEnd)
    writer.byte(FIELD_ENTRY)
  }
}

function writeNamed(writer: ProtoWriter, key: string, value: unknown, depth: number): void {
  try {
    const valueEnd = writer.length
    writeValue(writer, value, depth)
    writer.varint(writer.length - valueEnd)
    writer.byte(ENTRY_VALUE)
    writer.text(key)
    writer.byte(ENTRY_KEY)
  } catch (error) {
    if (error instanceof UnwritableValue) error.path.unshift(key)
    throw error
  }
}

function writeValue(writer: ProtoWriter, value: unknown, depth: number): void {
  const tag = writeContent(writer, value, depth)
  writer.byte(tag)
}

/** Writes what a value holds and returns the tag that says what it is, which comes before it. */
function writeContent(writer: ProtoWriter, value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      writer.text(value)
      return VALUE_STRING
    case 'number':
      if (!Number.isFinite(value)) throw new UnwritableValue(`is ${value}, which JSON cannot hold`)
      writer.double(value === 0 ? 0 : value)
      return VALUE_NUMBER
    case 'boolean':
      writer.byte(value ? 1 : 0)
      return VALUE_BOOL
    case 'bigint':
      writer.text(String(value))
      return VALUE_STRING
    case 'undefined':
      writer.byte(0)
      return VALUE_NULL
    case 'object':
      return writeObject(writer, value, depth)
    default:
      throw new UnwritableValue(`is a ${typeof value}, which JSON cannot hold`)
  }
}

function writeObject(writer: ProtoWriter, value: object | null, depth: number): number {
  if (value === null) {
    writer.byte(0)
    return VALUE_NULL
  }
  if (value instanceof Date) {
    writer.text(toText(value))
    return VALUE_STRING
  }
  if (value instanceof Map || value instanceof Set) throw new UnwritableValue('is a Map or a Set')
  const end = writer.length
  const isList = Array.isArray(value)
  if (isList) writeList(writer, value, depth + 1)
  else writeStruct(writer, value, depth + 1)
  writer.varint(writer.length - end)
  return isList ? VALUE_LIST : VALUE_STRUCT
}

function writeList(writer: ProtoWriter, items: readonly unknown[], depth: number): void {
  if (depth > MAX_DEPTH) throw new UnwritableValue(`is nested deeper than ${MAX_DEPTH} levels, or in a cycle`)
  for (let index = items.length - 1; index >= 0; index--) {
    const itemEnd = writer.length
    writeValue(writer, items[index], depth)
    writer.varint(writer.length - itemEnd)
    writer.byte(LIST_ITEM)
  }
}

function toText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new UnwritableValue('is an invalid Date')
  return date.toISOString()
}

/** Most literals are written in order already, which a scan finds out sooner than a sort. */
function sortedKeys(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(fields)
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort()
  }
  return keys
}

/** Claims that an object's own enumerable properties may be read by name, which is true of any object. */
function asFields(object: object): Readonly<Record<string, unknown>> {
  return object as Readonly<Record<string, unknown>>
}
