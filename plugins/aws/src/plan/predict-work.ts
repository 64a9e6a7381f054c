import type { Cell } from '../cells.ts'
import type { Context, Options, Secret } from '../options.ts'
import { GLOBAL } from '../place.ts'
import { KINDS } from '../services/index.ts'
import { predictAlone } from '../wide/asked-alone.ts'
import type { Catalog } from '../wide/catalog.ts'
import type { WideCell } from '../wide/cells.ts'
import { EXPLORER_SERVICE } from '../wide/explorer.ts'
import { lastCalls } from '../wide/last-calls.ts'
import { loadWideData } from '../wide/load-data.ts'
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

/**
 * The calls of tasks in one account: who asks and where, and the lists of services with modules of their own.
 * Pure.
 */
export function predictWork(
  { account, cells, isOther, tasks }: PlannedWork,
  countOf: CountOf,
  { options: { home_region }, secretData }: Pick<Context, 'options' | 'secretData'>,
): Forecast {
  const opening = new Map([
    [bucketOf('sts', { account: '', region: GLOBAL }), tasks * openingCalls(secretData, { isOther })],
    [bucketOf('ec2', { account, region: home_region }), tasks],
  ])
  return sumForecasts([opening, predictCalls({ account, cells, countOf })])
}

/**
 * The calls of what is read through Cloud Control. Whether a list tells enough of a resource shows when it is
 * read: what it told last is assumed, and of one that this process has not read yet a call for each resource.
 */
export function predictWide(
  account: string,
  { catalog, cells }: WideWork,
  countOf: CountOf,
  {
    home_region,
    wide_cross_check,
    wide_details: details,
  }: Pick<Options, 'home_region' | 'wide_cross_check' | 'wide_details'>,
): Forecast {
  const known = (typeName: string, region: string) => {
    const covering = KINDS[catalog.coveredBy(typeName) ?? '']?.declaration
    const where = catalog.types[typeName]?.reach === undefined ? region : GLOBAL
    const resources = countOf(covering ?? kindOf(typeName), account, where)
    const alone = (as: 'resources' | 'parents', how: typeof details) =>
      predictAlone({ account, region, typeName, as, details: how }, resources)
    return { resources, details: alone('resources', details), asParents: alone('parents', 'missing') }
  }
  const forecast = new Map<string, number>()
  for (const [region, ofRegion] of Map.groupBy(cells, ({ asked }) => asked)) {
    const { total } = predictWideCalls({ catalog, cells: ofRegion, known })
    forecast.set(bucketOf(WIDE_SERVICE, { account, region }), total)
    if (wide_cross_check)
      forecast.set(
        bucketOf('tagging', { account, region }),
        lastCalls({ service: 'tagging', account, region }, 1),
      )
  }
  // Which regions have an index shows when it is asked.
  const explored = [...new Set(cells.map(({ asked }) => asked))].map((region) =>
    lastCalls({ service: EXPLORER_SERVICE, account, region }, 0),
  )
  if (wide_cross_check)
    forecast.set(
      bucketOf(EXPLORER_SERVICE, { account, region: home_region }),
      explored.reduce(
        (sum, calls) => sum + calls,
        lastCalls({ service: EXPLORER_SERVICE, account, region: GLOBAL }, 1),
      ),
    )
  return forecast
}

/**
 * What it takes to learn of types that are younger than the data: once for all accounts, with a session of
 * its own.
 */
export function predictRegistry(account: string, options: Options, secret: Secret): Forecast {
  const { types, unlisted } = loadWideData()
  const named = Object.keys(types).length + Object.keys(unlisted).length
  // Types that can be changed and those that cannot are two lists.
  const pages = Math.ceil(named / REGISTRY_PAGE) + 1
  return new Map([
    [bucketOf('sts', { account: '', region: GLOBAL }), openingCalls(secret, { isOther: false })],
    [bucketOf('cloudformation', { account, region: options.home_region }), pages],
  ])
}

/**
 * Calls of STS that open an account: roles one after the other, and whose they are; another account takes one
 * role more.
 */
function openingCalls(
  { role_arn, roles, ...secret }: Secret,
  { isOther }: { readonly isOther: boolean },
): number {
  const isWebIdentity =
    secret.web_identity_token !== undefined || secret.web_identity_token_file !== undefined
  return 1 + Number(isWebIdentity) + Number(role_arn !== undefined) + roles.length + (isOther ? 2 : 0)
}
