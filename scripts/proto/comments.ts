import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt'

/** Packages whose comments our documentation shows; imported standard files stay out. */
const DOCUMENTED_PACKAGES = /^(spaceone|gleaner)\./

/**
 * Field numbers in descriptor.proto. A comment is found by the path of such numbers and of indexes that leads
 * from the file to what the comment stands above.
 */
const IN_FILE = { message: 4, enum: 5, service: 6 } as const
const IN_MESSAGE = { field: 2, nested: 3, enum: 4, oneof: 8 } as const
const IN_SERVICE = { method: 2 } as const
const IN_ENUM = { value: 2 } as const

type Named = readonly [name: string, path: readonly number[]]

/**
 * The comment above every service, method, message, field, oneof, enum and enum value, by fully qualified
 * name. A value is named inside its enum (`pkg.Message.Enum.VALUE`), because values of two enums may share a
 * name.
 */
export function commentsByName(files: readonly FileDescriptorProto[]): Record<string, string> {
  const comments: Record<string, string> = {}
  for (const file of files.filter((each) => DOCUMENTED_PACKAGES.test(each.package))) {
    const byPath = new Map(
      (file.sourceCodeInfo?.location ?? []).map((at) => [at.path.join('.'), at.leadingComments]),
    )
    for (const [name, path] of namesInFile(file)) {
      const text = byPath.get(path.join('.'))
      if (text) comments[name] = unwrap(text)
    }
  }
  return comments
}

function namesInFile(file: FileDescriptorProto): Named[] {
  return [
    ...file.service.flatMap((service, s): Named[] => {
      const name = `${file.package}.${service.name}`
      const path = [IN_FILE.service, s]
      return [[name, path], ...children(name, path, IN_SERVICE.method, service.method)]
    }),
    ...file.messageType.flatMap((message, m) => namesInMessage(file.package, [IN_FILE.message, m], message)),
    ...file.enumType.flatMap((each, e) => namesInEnum(file.package, [IN_FILE.enum, e], each)),
  ]
}

function namesInMessage(scope: string, path: readonly number[], message: DescriptorProto): Named[] {
  const name = `${scope}.${message.name}`
  return [
    [name, path],
    ...children(name, path, IN_MESSAGE.field, message.field),
    ...children(name, path, IN_MESSAGE.oneof, message.oneofDecl),
    ...message.nestedType.flatMap((each, m) => namesInMessage(name, [...path, IN_MESSAGE.nested, m], each)),
    ...message.enumType.flatMap((each, e) => namesInEnum(name, [...path, IN_MESSAGE.enum, e], each)),
  ]
}

function namesInEnum(scope: string, path: readonly number[], each: EnumDescriptorProto): Named[] {
  const name = `${scope}.${each.name}`
  return [[name, path], ...children(name, path, IN_ENUM.value, each.value)]
}

function children(
  scope: string,
  path: readonly number[],
  kind: number,
  named: readonly { readonly name: string }[],
): Named[] {
  return named.map((each, index) => [`${scope}.${each.name}`, [...path, kind, index]])
}

/** Joins wrapped lines into sentences; an empty line keeps separating paragraphs. */
function unwrap(comment: string): string {
  return comment
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, ' '))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}
