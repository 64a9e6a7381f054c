import type { DescMessage, Message } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'

/** Longest value of an id field that is written down, characters. */
const MAX_ID = 255

/**
 * The values of all fields of a request whose names say that they hold an id, also in messages inside it.
 * Nothing else of a request is looked at: what is in the audit is kept, and a request may hold a secret.
 * Pure.
 */
export function idsOfRequest(desc: DescMessage, message: Message): readonly string[] {
  return [...new Set(idsOf(reflect(desc, message)))]
}

function idsOf(message: ReflectMessage): string[] {
  // Free documents, whose keys are the caller's.
  if (message.desc.typeName.startsWith('google.')) return []
  return message.fields.flatMap((field) => {
    if (!message.isSet(field)) return []
    if (field.fieldKind === 'message') return idsOf(message.get(field))
    const value: unknown = field.name.endsWith('_id') ? message.get(field) : ''
    return typeof value === 'string' && value !== '' && value.length <= MAX_ID ? [value] : []
  })
}
