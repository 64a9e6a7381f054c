import type { Cell } from '../cells.ts'
import type { Options } from '../options.ts'
import { GLOBAL } from '../place.ts'
import type { Catalog } from '../wide/catalog.ts'
import type { WideCell } from '../wide/cells.ts'
import { loadWideData } from '../wide/load-data.ts'
import { isWide } from '../wide/open-catalog.ts'
import { WIDE_SERVICE } from '../wide/options.ts'
import { predictWideCalls } from '../wide/predict-calls.ts'
import { kindOf } from '../wide/wide-type.ts'
import { bucketOf, type Forecast, sumForecasts } from './forecast.ts'
import type { CountOf } from './known-counts.ts'
import { predictCalls } from './predict-calls.ts'

export type PlannedWork = {
  readonly account: string
  /** Whether it is opened from another account, which is asked for its own identity before. */
  readonly isOther: boolean
  /** Tasks that open it, each for itself. */
  readonly tasks: number
  readonly cells: readonly Cell[]
  readonly wide: { readonly catalog: Catalog; readonly cells: readonly WideCell[] } | undefined
}

type Settings = Pick<Options, 'home_region' | 'wide_cross_check'>

/** Types of the registry that are named in one call. */
const REGISTRY_PAGE = 100

/** All calls of one task: who asks and where, the lists, and what is read through Cloud Control. Pure. */
export function predictWork(work: PlannedWork, countOf: CountOf, settings: Settings): Forecast {
  const { account, cells, isOther, tasks, wide } = work
  const opening = new Map([
    [bucketOf('sts', { account: '', region: GLOBAL }), isOther ? 2 * tasks : tasks],
    [bucketOf('ec2', { account, region: settings.home_region }), tasks],
  ])
  const deep = predictCalls({ account, cells, countOf })
  return sumForecasts([
    opening,
    deep,
    wide === undefined ? new Map() : predictWide(account, wide, countOf, settings),
  ])
}

/**
 * Whether a list tells enough of a resource is known of the resource alone. Many lists hold identifiers only, so that one call is
 * assumed for each.
 */
function predictWide(
  account: string,
  { catalog, cells }: NonNullable<PlannedWork['wide']>,
  countOf: CountOf,
  { wide_cross_check }: Settings,
): Forecast {
  const known = (typeName: string, region: string) => {
    const resources = countOf(kindOf(typeName), account, region)
    return resources === 0 ? undefined : { resources, details: resources }
  }
  const forecast = new Map<string, number>()
  for (const [region, ofRegion] of Map.groupBy(cells, ({ asked }) => asked)) {
    const { total } = predictWideCalls({ catalog, cells: ofRegion, known })
    forecast.set(bucketOf(WIDE_SERVICE, { account, region }), total)
    if (wide_cross_check) forecast.set(bucketOf('tagging', { account, region }), 1)
  }
  return forecast
}

/** What it takes to learn of types that are younger than the data: once for all accounts, with a session of its own. */
export function predictRegistry(account: string, options: Options): Forecast {
  if (!isWide(options) || !options.wide_young_types) return new Map()
  const { types, unlisted } = loadWideData()
  const pages = Math.ceil((Object.keys(types).length + Object.keys(unlisted).length) / REGISTRY_PAGE)
  return new Map([
    [bucketOf('sts', { account: '', region: GLOBAL }), 1],
    [bucketOf('cloudformation', { account, region: options.home_region }), pages],
  ])
}
