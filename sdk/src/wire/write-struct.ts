import { ProtoWriter } from './proto-writer.ts'

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
 * Writes an object as the content of a `google.protobuf.Struct`, deterministically: keys are sorted by their
 * code units at every level, so equal content gives equal bytes in every process. `undefined` is left out, a
 * Date is written as UTC text, a bigint as decimal text, and -0 as 0.
 */
export function writeStruct(writer: ProtoWriter, object: object, depth = 1): void {
  if (depth > MAX_DEPTH) throw new UnwritableValue(`is nested deeper than ${MAX_DEPTH} levels, or in a cycle`)
  const values: readonly unknown[] = Object.values(object)
  const keys = sortedKeys(Object.keys(object))
  for (let index = keys.length - 1; index >= 0; index--) {
    const key = keys[index]
    if (key === undefined) continue
    const value = values[key.place]
    if (value !== undefined) writeEntry(writer, key, value, depth)
  }
}

function writeEntry(writer: ProtoWriter, key: Key, value: unknown, depth: number): void {
  const end = writer.length
  try {
    writeValue(writer, value, depth)
  } catch (error) {
    if (error instanceof UnwritableValue) error.path.unshift(key.name)
    throw error
  }
  writer.closeEntry(FIELD_ENTRY, key.encoded, ENTRY_VALUE, end)
}

function writeValue(writer: ProtoWriter, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'string':
      writer.text(VALUE_STRING, value)
      break
    case 'number':
      if (!Number.isFinite(value)) throw new UnwritableValue(`is ${value}, which JSON cannot hold`)
      writer.double(VALUE_NUMBER, value === 0 ? 0 : value)
      break
    case 'boolean':
      writer.small(VALUE_BOOL, value ? 1 : 0)
      break
    case 'object':
      writeObject(writer, value, depth)
      break
    case 'undefined':
      writer.small(VALUE_NULL, 0)
      break
    case 'bigint':
      writer.text(VALUE_STRING, String(value))
      break
    default:
      throw new UnwritableValue(`is a ${typeof value}, which JSON cannot hold`)
  }
}

function writeObject(writer: ProtoWriter, value: object | null, depth: number): void {
  const end = writer.length
  if (value === null) {
    writer.small(VALUE_NULL, 0)
  } else if (Array.isArray(value)) {
    writeList(writer, value, depth + 1)
    writer.close(VALUE_LIST, end)
  } else if (value instanceof Date) {
    writer.text(VALUE_STRING, toText(value))
  } else {
    if (value instanceof Map || value instanceof Set) throw new UnwritableValue('is a Map or a Set')
    writeStruct(writer, value, depth + 1)
    writer.close(VALUE_STRUCT, end)
  }
}

function writeList(writer: ProtoWriter, items: readonly unknown[], depth: number): void {
  if (depth > MAX_DEPTH) throw new UnwritableValue(`is nested deeper than ${MAX_DEPTH} levels, or in a cycle`)
  for (let index = items.length - 1; index >= 0; index--) {
    const end = writer.length
    writeValue(writer, items[index], depth)
    writer.close(LIST_ITEM, end)
  }
}

function toText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new UnwritableValue('is an invalid Date')
  return date.toISOString()
}

/**
 * A name with its encoded field and its place among the names of the object: names repeat in every document,
 * so they are encoded once.
 */
type Key = { readonly name: string; readonly encoded: Uint8Array; readonly place: number }
type KeyOrder = { readonly names: readonly string[]; readonly sorted: readonly Key[] }

const MAX_FIRST_NAMES = 1000
const MAX_ORDERS_EACH = 16
const orders = new Map<string, KeyOrder[]>()
const keyWriter = new ProtoWriter()

/**
 * The own keys in order. Objects made in the same place have the same keys, so one of the orders found for
 * the same first key nearly always fits again, and comparing equal texts costs a pointer each, where sorting
 * compares letters.
 */
function sortedKeys(names: readonly string[]): readonly Key[] {
  const first = names[0]
  if (first === undefined) return []
  const known = orders.get(first)
  if (known === undefined) return learnOrder(first, names)
  for (let index = 0; index < known.length; index++) {
    const order = known[index]
    if (order !== undefined && areEqual(order.names, names)) return order.sorted
  }
  return learnOrder(first, names)
}

function learnOrder(first: string, names: readonly string[]): readonly Key[] {
  const known = orders.get(first) ?? []
  if (known.length === 0 && orders.size >= MAX_FIRST_NAMES) orders.clear()
  if (known.length >= MAX_ORDERS_EACH) known.pop()
  const places = new Map(names.map((name, place) => [name, place]))
  const sorted = names
    .toSorted()
    .map((name) => ({ name, encoded: encodeKey(name), place: places.get(name) ?? 0 }))
  known.unshift({ names, sorted })
  orders.set(first, known)
  return sorted
}

function encodeKey(name: string): Uint8Array {
  keyWriter.reset()
  keyWriter.text(ENTRY_KEY, name)
  return keyWriter.toBytes()
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return false
  }
  return true
}
