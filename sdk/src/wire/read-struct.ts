import { type JsonObject, type JsonValue, setOwn } from '../json.ts'
import { MalformedMessage, type ProtoReader, type WireType } from './proto-reader.ts'

const MAX_DEPTH = 100

/**
 * Fields of `google.protobuf.Value`, each with its wire type: a field that comes with another one is unknown.
 */
const VALUE_WIRE: Readonly<Record<number, WireType>> = { 1: 0, 2: 1, 3: 2, 4: 0, 5: 2, 6: 2 }

/**
 * Adds the fields of a `google.protobuf.Struct` to an object; of a key that comes twice the last value
 * counts.
 */
export function readStruct(reader: ProtoReader, into: JsonObject = {}, depth = 1): JsonObject {
  if (depth > MAX_DEPTH) throw new MalformedMessage(`a document is nested deeper than ${MAX_DEPTH} levels`)
  eachField(reader, (field, wireType) => {
    if (field !== 1 || wireType !== 2) return reader.skip(wireType)
    const [key, value] = readEntry(reader.message(), depth)
    setOwn(into, key, value)
  })
  return into
}

/** Calls back for each field of a message; the callback must consume it. */
export function eachField(reader: ProtoReader, read: (field: number, wireType: WireType) => void): void {
  while (reader.hasMore) {
    const { field, wireType } = reader.tag()
    read(field, wireType)
  }
}

function readEntry(reader: ProtoReader, depth: number): readonly [string, JsonValue] {
  let key = ''
  let value: JsonValue = null
  eachField(reader, (field, wireType) => {
    if (field === 1 && wireType === 2) key = reader.text()
    else if (field === 2 && wireType === 2) value = readValue(reader.message(), depth)
    else reader.skip(wireType)
  })
  return [key, value]
}

/** A Value holds one field; were there several, the last would count. Without any it is null. */
function readValue(reader: ProtoReader, depth: number): JsonValue {
  let value: JsonValue = null
  eachField(reader, (field, wireType) => {
    if (VALUE_WIRE[field] === wireType) value = readContent(reader, field, depth)
    else reader.skip(wireType)
  })
  return value
}

function readContent(reader: ProtoReader, field: number, depth: number): JsonValue {
  switch (field) {
    case 2:
      return readNumber(reader)
    case 3:
      return reader.text()
    case 4:
      return reader.varint() !== 0
    case 5:
      return readStruct(reader.message(), {}, depth + 1)
    case 6:
      return readList(reader.message(), depth + 1)
    default:
      reader.varint()
      return null
  }
}

function readNumber(reader: ProtoReader): number {
  const value = reader.double()
  if (!Number.isFinite(value)) throw new MalformedMessage('a number is not finite')
  return value
}

function readList(reader: ProtoReader, depth: number): JsonValue[] {
  if (depth > MAX_DEPTH) throw new MalformedMessage(`a document is nested deeper than ${MAX_DEPTH} levels`)
  const items: JsonValue[] = []
  eachField(reader, (field, wireType) => {
    if (field === 1 && wireType === 2) items.push(readValue(reader.message(), depth))
    else reader.skip(wireType)
  })
  return items
}
