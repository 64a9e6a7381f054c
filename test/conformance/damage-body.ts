import { gzipSync } from 'node:zlib'
import type { JsonObject } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Damaged } from './damage.ts'

const TOO_LARGE = 4 * 1024 * 1024 + 1
const LARGE_JSON = Buffer.from(JSON.stringify({ x: 'x'.repeat(TOO_LARGE) }))
/** A field that no message has, of more bytes than a request may be. */
const LARGE_MESSAGE = new BinaryWriter()
  .tag(1_000, WireType.LengthDelimited)
  .bytes(new Uint8Array(TOO_LARGE))
  .finish()

/** Content types with which no JSON comes, or not only JSON. */
const ODD_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'json',
]

/** What can be wrong with a request as a whole. */
export function damagedBodies(good: JsonObject): readonly Damaged[] {
  const text = JSON.stringify(good)
  const rest = (about: string, body: string | Uint8Array, headers: Record<string, string> = {}): Damaged => {
    return { about, field: '', transport: 'rest', body, headers }
  }
  const grpc = (about: string, body: Uint8Array, more: Partial<Damaged> = {}): Damaged => {
    return { about, field: '', transport: 'grpc', body, ...more }
  }
  return [
    rest('no JSON', `${text}}`),
    rest('NaN where JSON has none', text.replace(/\}$/, ',"x":NaN}')),
    rest('a list instead of an object', `[${text}]`),
    rest('an unknown field', JSON.stringify({ ...good, no_such_field: 1 })),
    rest('invalid UTF-8', Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')])),
    ...ODD_TYPES.map((type) => rest(`Content-Type ${type}`, text, { 'content-type': type })),
    grpc('a message cut short', Uint8Array.of(0x0a, 0x7f, 0x61)),
    grpc('a group that never ends', Uint8Array.of(0x0b)),
    grpc('field number 0', Uint8Array.of(0x02, 0x01, 0x61)),
  ]
}

/** Bodies larger than any request may be, as they are and after decompression. */
export function largeBodies(): readonly Damaged[] {
  const large = { about: 'more than 4 MiB', field: '' }
  const zipped = { about: 'more than 4 MiB, compressed', field: '' }
  const grpc = { transport: 'grpc', body: LARGE_MESSAGE, isOfTransport: true } as const
  return [
    { ...large, transport: 'rest', body: LARGE_JSON },
    { ...zipped, transport: 'rest', body: gzipSync(LARGE_JSON), headers: { 'content-encoding': 'gzip' } },
    { ...large, ...grpc },
    { ...zipped, ...grpc, isCompressed: true },
  ]
}
