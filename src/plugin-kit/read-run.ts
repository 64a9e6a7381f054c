import type { JsonObject } from '@bufbuild/protobuf'
import { canonicalHash, decodeResource, type NormalizedResource } from '../inventory/index.ts'
import type { PluginConnection } from '../plugins/index.ts'
import { schemaViolations } from './schema-violations.ts'
import type { Workbench } from './workbench.ts'

/** What one run of a plugin sent, by what identifies it. */
export type Run = {
  readonly counts: Readonly<Record<NormalizedResource['kind'], number>>
  /** Of each cloud service the bytes' and the content's hash, by its key. */
  readonly services: ReadonlyMap<string, { readonly bytes: string; readonly content: string }>
  /** Keys that came more than once, each once. */
  readonly duplicates: readonly string[]
  readonly rejected: readonly string[]
  readonly errors: readonly string[]
  /** Kinds whose data the plugin has declared, and where data are otherwise, one line a resource. */
  readonly declaredKinds: number
  readonly broken: readonly string[]
  readonly messages: number
  /** Of the messages, those that were there when the first could be read. */
  readonly firstMessages: number
  /** The longest time without any message, from the call to its end. */
  readonly silenceMs: number
}

/** More than these are counted and not looked at one by one. */
const MOST_LOOKED_AT = 100_000
const MOST_QUOTED = 20

/** Collects once and takes note of what comes. Throws what the plugin fails with. */
export async function readRun(plugin: PluginConnection, { input, signal }: Workbench): Promise<Run> {
  let receivedAtMs = performance.now()
  let silenceMs = 0
  const noteArrival = () => {
    const nowMs = performance.now()
    silenceMs = Math.max(silenceMs, nowMs - receivedAtMs)
    receivedAtMs = nowMs
  }
  const counts: Record<NormalizedResource['kind'], number> = {
    cloud_service: 0,
    cloud_service_type: 0,
    region: 0,
    error: 0,
    filter_cache: 0,
    skipped: 0,
    rejected: 0,
  }
  const services = new Map<string, { bytes: string; content: string }>()
  const duplicates = new Set<string>()
  const rejected: string[] = []
  const errors: string[] = []
  const broken: string[] = []
  const schemas = await dataSchemas(plugin, signal)
  let messages = 0
  let firstMessages = 0
  for await (const chunk of plugin.collect({ ...input, filter: {} }, signal)) {
    noteArrival()
    if (messages === 0) firstMessages = chunk.length
    for (const bytes of chunk) {
      messages++
      const resource = decodeResource(bytes)
      counts[resource.kind]++
      if (resource.kind === 'rejected' && rejected.length < MOST_QUOTED)
        rejected.push(`${resource.code}: ${resource.message}`)
      if (resource.kind === 'error' && errors.length < MOST_QUOTED) errors.push(resource.message)
      if (resource.kind !== 'cloud_service' || services.size >= MOST_LOOKED_AT) continue
      const { provider, cloudServiceGroup, cloudServiceType, account, resourceId } = resource
      const key = [provider, cloudServiceGroup, cloudServiceType, account, resourceId].join(' ')
      if (resourceId === '') continue
      if (services.has(key)) duplicates.add(key)
      const { data, tags, name, regionCode } = resource
      const schema = schemas.get(`${cloudServiceGroup}/${cloudServiceType}`)
      const [violation] = schema === undefined ? [] : schemaViolations(schema, withoutRelations(data), 'data')
      if (violation !== undefined) broken.push(`${key}: ${violation}`)
      services.set(key, {
        bytes: Buffer.from(bytes).toString('latin1'),
        content: canonicalHash([data, tags, name, regionCode]),
      })
    }
  }
  noteArrival()
  const found = { counts, services, duplicates: [...duplicates], rejected, errors, broken }
  return { ...found, declaredKinds: schemas.size, messages, firstMessages, silenceMs }
}

async function dataSchemas(
  plugin: PluginConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, JsonObject>> {
  const { resourceTypes = [] } = (await plugin.describe(signal)) ?? {}
  const declared = resourceTypes.flatMap(({ dataSchema, group, type }) =>
    dataSchema === undefined || Object.keys(dataSchema).length === 0
      ? []
      : [[`${group}/${type}`, dataSchema] as const],
  )
  return new Map(declared)
}

/** The SDK adds them, whatever the plugin declares. */
function withoutRelations({ relations, ...data }: JsonObject): JsonObject {
  return data
}
