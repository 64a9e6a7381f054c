import { type DescField, type DescMessage, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A message in its binary form in which one message field, at the end of a path, has just these bytes. */
export function withRawField(
  desc: DescMessage,
  json: JsonObject,
  { path: [field, ...deeper], bytes }: { readonly path: readonly DescField[]; readonly bytes: Uint8Array },
): Uint8Array {
  if (field?.message === undefined) throw new Error('only a message can be replaced by bytes')
  const { [field.name]: inner, ...others } = json
  const innerJson = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {}
  const content =
    deeper.length === 0 ? bytes : withRawField(field.message, innerJson, { path: deeper, bytes })
  return new BinaryWriter()
    .raw(toBinary(desc, fromJson(desc, others)))
    .tag(field.number, WireType.LengthDelimited)
    .bytes(content)
    .finish()
}
