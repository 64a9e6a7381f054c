import {
  createFileRegistry,
  type DescExtension,
  type DescFile,
  type FileRegistry,
  fromBinary,
} from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { descriptorFileRanges, descriptorSetBase64 } from '../../gen/descriptor-set.ts'

/**
 * Files as they were compiled: asked for by what they declare, answered with everything they import behind
 * them.
 */
export type DescriptorIndex = {
  fileByName(name: string): readonly Uint8Array[] | undefined
  fileOfSymbol(symbol: string): readonly Uint8Array[] | undefined
  fileOfExtension(extendee: string, number: number): readonly Uint8Array[] | undefined
  /** undefined when there is no such message. */
  extensionNumbers(extendee: string): readonly number[] | undefined
}

/**
 * An index over the contract. The bytes are the compiler's own; encoding again would lose the HTTP
 * annotations' order.
 */
export function createDescriptorIndex(): DescriptorIndex {
  const set = Buffer.from(descriptorSetBase64, 'base64')
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set))
  const withImports = (file: DescFile | undefined) =>
    file && [...importsOf(file)].map((each) => bytesOf(each))

  function bytesOf(file: DescFile): Uint8Array {
    const range = descriptorFileRanges[file.proto.name]
    if (range === undefined) throw new Error(`the descriptor set has no bytes of ${file.proto.name}`)
    return set.subarray(...range)
  }

  return {
    fileByName: (name) => withImports(registry.getFile(name)),
    fileOfSymbol: (symbol) => withImports(fileDeclaring(registry, symbol)),
    fileOfExtension: (extendee, number) =>
      withImports(extensionsOf(registry, extendee).find((each) => each.number === number)?.file),
    extensionNumbers(extendee) {
      if (registry.getMessage(extendee) === undefined) return undefined
      return extensionsOf(registry, extendee).map((each) => each.number)
    },
  }
}

/** The file itself first: clients take the first as the one they asked for. Then its imports, each once. */
function importsOf(file: DescFile, found = new Set<DescFile>()): Set<DescFile> {
  if (found.has(file)) return found
  found.add(file)
  for (const dependency of file.dependencies) importsOf(dependency, found)
  return found
}

/** A symbol is a type, or a method, field, enum value or oneof inside one. A leading dot is tolerated. */
function fileDeclaring(registry: FileRegistry, symbol: string): DescFile | undefined {
  const name = symbol.replace(/^\./, '')
  const own = registry.get(name)
  if (own !== undefined) return own.file
  const dot = name.lastIndexOf('.')
  if (dot < 0) return undefined
  const member = name.slice(dot + 1)
  const owner = registry.get(name.slice(0, dot))
  return owner !== undefined && memberNames(owner).includes(member)
    ? owner.file
    : topLevelValue(registry, name)
}

function memberNames(owner: NonNullable<ReturnType<FileRegistry['get']>>): string[] {
  switch (owner.kind) {
    case 'service':
      return owner.methods.map((each) => each.name)
    case 'message':
      return [...owner.fields, ...owner.oneofs].map((each) => each.name)
    case 'enum':
      return owner.values.map((each) => each.name)
    case 'extension':
      return []
  }
}

/** Enum values belong to the scope that encloses their enum, so `pkg.VALUE` is a symbol too. */
function topLevelValue(registry: FileRegistry, name: string): DescFile | undefined {
  for (const type of registry) {
    if (type.kind !== 'enum') continue
    const scope = type.typeName.slice(0, type.typeName.lastIndexOf('.'))
    if (type.values.some((value) => `${scope}.${value.name}` === name)) return type.file
  }
  return undefined
}

function extensionsOf(registry: FileRegistry, extendee: string): DescExtension[] {
  return [...registry].flatMap((type) =>
    type.kind === 'extension' && type.extendee.typeName === extendee ? [type] : [],
  )
}
