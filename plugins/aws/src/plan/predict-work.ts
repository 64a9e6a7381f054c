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
}

export type WideWork = { readonly catalog: Catalog; readonly cells: readonly WideCell[] }

/** Types of the registry that are named in one call. */
const REGISTRY_PAGE = 100

/** The calls of tasks in one account: who asks and where, and the lists of services with modules of their own. Pure. */
export function predictWork(
  { account, cells, isOther, tasks }: PlannedWork,
  countOf: CountOf,
  { home_region }: Pick<Options, 'home_region'>,
): Forecast {
  const opening = new Map([
    [bucketOf('sts', { account: '', region: GLOBAL }), isOther ? 2 * tasks : tasks],
    [bucketOf('ec2', { account, region: home_region }), tasks],
  ])
  return sumForecasts([opening, predictCalls({ account, cells, countOf })])
}

/**
 * The calls of what is read through Cloud Control. Whether a list tells enough of a resource is known of the resource alone. Many
 * lists hold identifiers only, so that one call is assumed for each.
 */
export function predictWide(
  account: string,
  { catalog, cells }: WideWork,
  countOf: CountOf,
  { wide_cross_check }: Pick<Options, 'wide_cross_check'>,
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
