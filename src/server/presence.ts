import type { DescField, DescMessage, Message } from '@bufbuild/protobuf'

/**
 * `has(path)` for a message that came in binary form, where a default scalar and an absent one look the same:
 * a field counts as sent when it differs from its default. Paths are dotted proto names.
 */
export function presenceInMessage(desc: DescMessage, message: Message): (path: string) => boolean {
  return (path) => {
    let owner: DescMessage | undefined = desc
    let value: unknown = message
    for (const name of path.split('.')) {
      const field: DescField | undefined = owner?.fields.find((each) => each.name === name)
      if (field === undefined) return false
      value = fieldValue(value, field)
      if (!isSet(value)) return false
      owner = field.message
    }
    return true
  }
}

function fieldValue(message: unknown, field: DescField): unknown {
  const holder = message as Record<string, unknown>
  if (field.oneof === undefined) return holder[field.localName]
  const chosen = holder[field.oneof.localName] as { case?: string; value?: unknown } | undefined
  return chosen?.case === field.localName ? chosen.value : undefined
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== '' && value !== 0 && value !== 0n && value !== false
}
