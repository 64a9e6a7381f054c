import { fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import { FailedPrecondition } from '../core/errors.ts'
import { type Filter, FilterSchema } from '../gen/spaceone/api/core/v1/query_pb.ts'
import { cloudServiceEntity } from '../inventory/index.ts'
import { distinctValues } from '../query/index.ts'
import type { Sql } from '../storage/index.ts'
import type { Collector } from './collector.ts'
import { choosesResources, type FilterKey, readFilterFormat } from './filter-format.ts'
import { addValues } from './filter-values.ts'
import { secretsThatCollected } from './sql/secrets-that-collected.ts'

/** What the plugin is called with, and the secrets for which that makes sense; undefined for any. */
type AimedFilter = { readonly filter: JsonObject; readonly secretIds: ReadonlySet<string> | undefined }

const MAX_MATCHES = 1_000

/**
 * Turns the keys that choose stored resources into what the plugin asked for instead: the values of its
 * `change_rules`, read from the resources that match, and only the secrets that collected those. Several keys
 * narrow each other. Nothing left is refused: called without them, the plugin would read everything.
 */
export async function aimFilter(sql: Sql, collector: Collector, filter: JsonObject): Promise<AimedFilter> {
  const declared = readFilterFormat(collector.pluginMetadata)
  const [choices, values] = partition(Object.entries(filter), declared)
  // What the caller gave is there first, so that every narrowing is one by resources.
  let aimed: AimedFilter = { filter: Object.fromEntries(values), secretIds: undefined }
  for (const { key, value } of choices) aimed = await aimByResources(sql, collector, { key, value, aimed })
  return aimed
}

type Choice = { readonly key: FilterKey; readonly value: JsonValue }

function partition(
  entries: readonly [string, JsonValue][],
  declared: ReadonlyMap<string, FilterKey>,
): readonly [readonly Choice[], readonly [string, JsonValue][]] {
  const choices: Choice[] = []
  const values: [string, JsonValue][] = []
  for (const [name, value] of entries) {
    const key = declared.get(name)
    if (key !== undefined && choosesResources(key)) choices.push({ key, value })
    else values.push([name, value])
  }
  return [choices, values]
}

async function aimByResources(
  sql: Sql,
  { domainId, collectorId }: Collector,
  { key, value, aimed }: Choice & { readonly aimed: AimedFilter },
): Promise<AimedFilter> {
  const condition = conditionOf(key, value)
  const read = (path: string) =>
    distinctValues(sql, cloudServiceEntity, { domainId, filter: condition, path })
  const ids = (await read('cloud_service_id')).filter((id) => typeof id === 'string')
  if (ids.length > MAX_MATCHES)
    throw refusal(key, `chooses ${ids.length} resources, more than ${MAX_MATCHES}`)
  const collected = await secretsThatCollected(sql, { domainId, collectorId, resourceIds: ids })
  const secretIds = collected.filter((id) => aimed.secretIds === undefined || aimed.secretIds.has(id))
  if (secretIds.length === 0) throw refusal(key, 'chooses nothing that this collector has collected')
  let { filter } = aimed
  for (const { resourceKey, changeKey } of key.changeRules) {
    filter = addValues(filter, changeKey, [...(await read(resourceKey))])
    const left = filter[changeKey]
    if (Array.isArray(left) && left.length === 0) throw refusal(key, `leaves no value for '${changeKey}'`)
  }
  return { filter, secretIds: new Set(secretIds) }
}

function conditionOf({ searchKey }: FilterKey, value: JsonValue): Filter {
  return fromJson(FilterSchema, { k: searchKey, v: value, o: Array.isArray(value) ? 'in' : 'eq' })
}

function refusal({ key }: FilterKey, what: string): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_FILTER_MATCHES_NOTHING',
    `filter.${key} ${what}. No job was started, and nothing counts as gone. Choose other resources, or collect without this key`,
  )
}
