import type { KindNames } from '../../../format/kind.ts'

/** A term about the kind: what the facets write into the search box. */
const KIND_TERM = /(?<=^|\s)kind:(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g

/** The kind that a search text asks for, as `provider/group/type`; empty where it asks for none. */
export function kindInText(text: string): string {
  const term = text.match(KIND_TERM)?.[0] ?? ''
  return term.slice('kind:'.length).replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1')
}

/** The same text without what it says of the kind. */
export function withoutKind(text: string): string {
  return text.replaceAll(KIND_TERM, '').replaceAll(/\s+/g, ' ').trim()
}

/** The same text for one kind alone. */
export function withKind(
  text: string,
  { provider, cloud_service_group, cloud_service_type }: KindNames,
): string {
  const kind = [provider, cloud_service_group, cloud_service_type].join('/')
  const value = /^[\w./-]+$/.test(kind) ? kind : `"${kind.replaceAll(/["\\]/g, '\\$&')}"`
  return `kind:${value} ${withoutKind(text)}`.trim()
}
