import { type PropertySchema, type Schema, toPath } from './schema.ts'

/**
 * Names of what changes without anybody changing the resource: when something ran or was used, what is left
 * of it, how much it holds, how far it has come. What is configured is never among them.
 */
const VOLATILE = new RegExp(
  [
    '^Last(Access|Checked|Discovered|Evaluat|Execution|Message|Published|Refreshed|Run|Saved|Seen|Success|Sync|Triggered|Used)',
    '^Latest(Restorable|RecommenderUpdate)|^Next|^Estimated|^Available(?!Labels)|^Reclaimable|^ReservedCpus$',
    '^(InUseQuantity|ActiveSessionId|VersionToken|CurrentInferenceUnits|IndexStatistics|Stats|TrainingMetrics|WarmThroughputObject)$',
    '(?<!Core|Cpu|Node|CommittedInstance|^Ip)Count$',
    '(Bytes|OnDisk|ForCache|Progress|ProgressPercentage|Spend|TotalCost|Usage|UsedBytes|RateTimestamp|RealtimeMetrics)$',
  ].join('|'),
)

/** Paths of read-only properties, and of what lies in them, that change by themselves. */
export function volatilePaths(schema: Schema): readonly string[] {
  return (schema.readOnlyProperties ?? []).map(toPath).flatMap((path) => {
    const property = propertyAt(schema, path.split('.'))
    return volatileIn(schema, property, { path, seen: [] })
  })
}

type At = { readonly path: string; readonly seen: readonly PropertySchema[] }

/** The highest that are volatile: what lies in them goes with them. Definitions may hold themselves. */
function volatileIn(schema: Schema, property: PropertySchema | undefined, { path, seen }: At): string[] {
  if (VOLATILE.test(path.split('.').at(-1) ?? '')) return [path]
  const known = resolve(schema, property)
  if (known === undefined || seen.includes(known)) return []
  const deeper = [...seen, known]
  const ofItems =
    known.items === undefined ? [] : volatileIn(schema, known.items, { path: `${path}.*`, seen: deeper })
  const ofProperties = Object.entries(known.properties ?? {}).flatMap(([name, each]) =>
    volatileIn(schema, each, { path: `${path}.${name}`, seen: deeper }),
  )
  return [...ofItems, ...ofProperties]
}

/** Paths of schemas step through lists by a star, or by nothing. */
function propertyAt(schema: Schema, [first = '', ...steps]: readonly string[]): PropertySchema | undefined {
  let at = resolve(schema, schema.properties?.[first])
  for (const step of steps) {
    const inList = step === '*' ? at?.items : at?.properties?.[step]
    at = resolve(schema, inList ?? resolve(schema, at?.items)?.properties?.[step])
  }
  return at
}

function resolve(schema: Schema, property: PropertySchema | undefined): PropertySchema | undefined {
  const name = property?.$ref?.split('/').at(-1)
  return name === undefined ? property : schema.definitions?.[name]
}
