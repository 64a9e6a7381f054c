import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** What a client asks of grpc.reflection; v1 and v1alpha are the same on the wire. */
export type ReflectionRequest = { readonly host: string } & (
  | { readonly kind: 'file' | 'symbol'; readonly name: string }
  | { readonly kind: 'extension'; readonly type: string; readonly number: number }
  | { readonly kind: 'extensionNumbers'; readonly type: string }
  | { readonly kind: 'services' }
  | { readonly kind: 'none' }
)

export type ReflectionAnswer =
  | { readonly files: readonly Uint8Array[] }
  | { readonly extensions: { readonly type: string; readonly numbers: readonly number[] } }
  | { readonly services: readonly string[] }
  | { readonly error: { readonly code: number; readonly message: string } }

/** Field numbers of ServerReflectionRequest and ServerReflectionResponse. */
const REQUEST = { host: 1, file: 3, symbol: 4, extension: 5, extensionNumbers: 6, services: 7 } as const
const RESPONSE = { host: 1, request: 2, files: 4, extensions: 5, services: 6, error: 7 } as const

/** Reads a ServerReflectionRequest. Throws when the bytes are no message. */
export function readReflectionRequest(bytes: Uint8Array): ReflectionRequest {
  const reader = new BinaryReader(bytes)
  let host = ''
  let request: ReflectionRequest = { host, kind: 'none' }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (wireType !== WireType.LengthDelimited) reader.skip(wireType, field)
    else if (field === REQUEST.host) host = reader.string()
    else if (field === REQUEST.file) request = { host, kind: 'file', name: reader.string() }
    else if (field === REQUEST.symbol) request = { host, kind: 'symbol', name: reader.string() }
    else if (field === REQUEST.extension) {
      request = { host, kind: 'extension', ...readExtension(reader.bytes()) }
    } else if (field === REQUEST.extensionNumbers) {
      request = { host, kind: 'extensionNumbers', type: reader.string() }
    } else if (field === REQUEST.services) {
      reader.skip(wireType, field)
      request = { host, kind: 'services' }
    } else reader.skip(wireType, field)
  }
  return { ...request, host }
}

function readExtension(bytes: Uint8Array): { type: string; number: number } {
  const reader = new BinaryReader(bytes)
  const extension = { type: '', number: 0 }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1 && wireType === WireType.LengthDelimited) extension.type = reader.string()
    else if (field === 2 && wireType === WireType.Varint) extension.number = reader.int32()
    else reader.skip(wireType, field)
  }
  return extension
}

/** Writes a ServerReflectionResponse; it repeats the request it answers, byte by byte. */
export function writeReflectionResponse(request: Uint8Array, host: string, answer: ReflectionAnswer): Buffer {
  const writer = new BinaryWriter()
  if (host !== '') writer.tag(RESPONSE.host, WireType.LengthDelimited).string(host)
  writer.tag(RESPONSE.request, WireType.LengthDelimited).bytes(request)
  if ('files' in answer) {
    message(writer, RESPONSE.files, (files) => {
      for (const file of answer.files) files.tag(1, WireType.LengthDelimited).bytes(file)
    })
  } else if ('extensions' in answer) {
    message(writer, RESPONSE.extensions, (found) => {
      found.tag(1, WireType.LengthDelimited).string(answer.extensions.type)
      for (const number of answer.extensions.numbers) found.tag(2, WireType.Varint).int32(number)
    })
  } else if ('services' in answer) {
    message(writer, RESPONSE.services, (list) => {
      for (const name of answer.services) {
        message(list, 1, (service) => service.tag(1, WireType.LengthDelimited).string(name))
      }
    })
  } else {
    message(writer, RESPONSE.error, (error) => {
      error.tag(1, WireType.Varint).int32(answer.error.code)
      error.tag(2, WireType.LengthDelimited).string(answer.error.message)
    })
  }
  return Buffer.from(writer.finish())
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}
