import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'

/** One key of a filter, as the plugin's metadata declares it. */
export type FilterKey = {
  readonly key: string
  /** `str` takes one text, `list` a list; undefined takes anything. */
  readonly type: 'str' | 'list' | undefined
  /** Which resources the value chooses; CUSTOM for values that the plugin itself understands. */
  readonly resourceType: string
  /** The field of these resources that the value is compared with. */
  readonly searchKey: string
  /** Which field of the chosen resources the plugin gets, and under which key. */
  readonly changeRules: readonly { readonly resourceKey: string; readonly changeKey: string }[]
}

/**
 * The only resources of which is known which secret collected them, and that plugins can so be pointed at.
 */
const RESOURCE_TYPE = 'inventory.CloudService'
const CUSTOM = 'CUSTOM'

/**
 * The keys of `filter_format`. Metadata is the plugin's word: what is not `[{key: text, …}, …]` declares
 * nothing.
 */
export function readFilterFormat(metadata: JsonObject): ReadonlyMap<string, FilterKey> {
  const format = Array.isArray(metadata.filter_format) ? metadata.filter_format : []
  return new Map(
    format.flatMap((entry) => {
      const key = readKey(entry)
      return key === undefined ? [] : [[key.key, key]]
    }),
  )
}

/** Whether the value chooses resources, and is not for the plugin itself. */
export function choosesResources({ resourceType }: FilterKey): boolean {
  return resourceType === RESOURCE_TYPE
}

/** What speaks against a filter, all of it. Metadata without `filter_format` declares no key. Pure. */
export function filterViolations(filter: JsonObject, metadata: JsonObject): GleanerError[] {
  const declared = readFilterFormat(metadata)
  const known = declared.size === 0 ? 'none' : [...declared.keys()].join(', ')
  return Object.entries(filter).flatMap(([name, value]) => {
    const key = declared.get(name)
    if (key === undefined) {
      const reason = `the plugin does not filter by it; keys it knows: ${known}`
      return [new InvalidParameter(`filter.${name}`, reason, 'ERROR_UNSUPPORTED_FILTER_KEY')]
    }
    const reason = reasonAgainst(key, value)
    if (reason === undefined) return []
    const code = isServed(key) ? undefined : 'ERROR_UNSUPPORTED_FILTER_KEY'
    return [new InvalidParameter(`filter.${name}`, reason, code)]
  })
}

function isServed(key: FilterKey): boolean {
  return key.resourceType === CUSTOM || choosesResources(key)
}

function reasonAgainst(key: FilterKey, value: JsonValue): string | undefined {
  if (!isServed(key))
    return `the plugin wants resources of type '${key.resourceType}' to be looked up, which is not served; only ${RESOURCE_TYPE} is. Leave it out`
  const wants = key.type ?? (choosesResources(key) ? 'list' : undefined)
  if (wants === 'str' && typeof value !== 'string') return 'the plugin declares it as one text'
  if (wants === 'list' && !Array.isArray(value)) return 'the plugin declares it as a list'
  const isOfTexts = !Array.isArray(value) || value.every((one) => typeof one === 'string')
  return choosesResources(key) && !isOfTexts ? 'resources are chosen by texts' : undefined
}

function readKey(entry: JsonValue): FilterKey | undefined {
  if (!isObject(entry) || typeof entry.key !== 'string') return undefined
  const { key, type } = entry
  return {
    key,
    type: type === 'str' || type === 'list' ? type : undefined,
    resourceType: textOf(entry.resource_type) || CUSTOM,
    searchKey: textOf(entry.search_key) || key,
    changeRules: Array.isArray(entry.change_rules) ? entry.change_rules.flatMap(readRule) : [],
  }
}

function readRule(rule: JsonValue): FilterKey['changeRules'] {
  if (!isObject(rule)) return []
  const resourceKey = textOf(rule.resource_key)
  const changeKey = textOf(rule.change_key)
  return resourceKey === '' || changeKey === '' ? [] : [{ resourceKey, changeKey }]
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
