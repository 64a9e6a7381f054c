import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'

type FileRange = readonly [name: string, start: number, end: number]

/**
 * TypeScript source of `src/gen/descriptor-set.ts`. A module instead of a binary file, so that it is found
 * wherever the code is bundled or installed. Ranges are kept beside the set, because reflection must answer
 * with a file's bytes as they were compiled: decoding and encoding again would reorder the options that hold
 * the HTTP paths.
 */
export function descriptorModule(set: Uint8Array): string {
  const ranges = fileRanges(set).map(([name, start, end]) => `  '${name}': [${start}, ${end}],\n`)
  return `// Generated from proto/ by scripts/generate.ts. Do not edit.

/** The contract as a serialized google.protobuf.FileDescriptorSet, base64: every file, dependencies first. */
export const descriptorSetBase64 =
  '${Buffer.from(set).toString('base64')}'

/** Where each file's serialized FileDescriptorProto lies in the decoded set: first byte, and the byte after it. */
export const descriptorFileRanges: Readonly<Record<string, readonly [start: number, end: number]>> = {
${ranges.join('')}}
`
}

/** A set is nothing but repeated field 1, so each record is one tag, one length and one file. */
function fileRanges(set: Uint8Array): FileRange[] {
  const reader = new BinaryReader(set)
  const ranges: FileRange[] = []
  while (reader.pos < reader.len) {
    const [field] = reader.tag()
    if (field !== 1) throw new Error(`descriptor set holds field ${field}, expected only files in field 1`)
    const bytes = reader.bytes()
    const { name } = fromBinary(FileDescriptorProtoSchema, bytes)
    ranges.push([name, reader.pos - bytes.length, reader.pos])
  }
  return ranges
}
