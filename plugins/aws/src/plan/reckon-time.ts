import type { Limiter, MeasuredApi, PredictedApi, TimeBasis } from '@gleaner/sdk'
import type { Options } from '../options.ts'
import { GLOBAL } from '../place.ts'
import { LISTS_A_REGION, MOST_LISTS } from '../wide/lists-at-once.ts'
import { WIDE_SERVICE } from '../wide/options.ts'
import { apiOf, callsByApi, type Forecast } from './forecast.ts'
import { type RateOf, ratesFrom } from './rates.ts'

/**
 * How long lists of AWS usually take from a worker in the same part of the world, rather too long than too
 * short.
 */
export const ASSUMED_ANSWER_SECONDS = 0.2

export type Reckoned = { readonly seconds: number; readonly basis: TimeBasis }

/** Seconds that a forecast takes, in all and by API. */
export type Time = { readonly total: number; readonly ofApi: ReadonlyMap<string, Reckoned> }

type Means = {
  readonly measured: readonly MeasuredApi[]
  readonly rateOf: RateOf
  /** Lists that are read at once; those of Cloud Control are read beside them, so many in each region. */
  readonly concurrency: number
  readonly regions: number
}

/**
 * How long the calls of one account take. An API takes the time in which earlier runs got so many answers, or
 * else the assumed one, and no less than its slowest bucket gives. All APIs share the places for lists, so
 * that together they take their part of these as well. Pure.
 */
export function reckonTime(forecast: Forecast, { concurrency, measured, rateOf, regions }: Means): Time {
  const measures = new Map(measured.map((each) => [each.api, each]))
  const ofApi = new Map<string, Reckoned>()
  let placeSeconds = 0
  for (const [api, calls] of callsByApi(forecast)) {
    const measure = measures.get(api)
    const atOnce = api === WIDE_SERVICE ? Math.min(MOST_LISTS, LISTS_A_REGION * regions) : concurrency
    const answered = measure === undefined ? assumed(calls, atOnce) : measuredBy(measure, calls)
    ofApi.set(api, answered)
    if (api !== WIDE_SERVICE)
      placeSeconds += measure === undefined ? calls * ASSUMED_ANSWER_SECONDS : answered.seconds
  }
  for (const [bucket, calls] of forecast) {
    const rate = rateOf(bucket)
    if (rate === undefined) continue
    const seconds = Math.max(0, calls - rate.burst) / rate.perSecond
    if (seconds > (ofApi.get(apiOf(bucket))?.seconds ?? 0))
      ofApi.set(apiOf(bucket), { seconds, basis: rate.basis })
  }
  return { total: Math.max(placeSeconds / concurrency, ...secondsOf(ofApi)), ofApi }
}

type Asking = {
  readonly measured: readonly MeasuredApi[]
  readonly options: Pick<Options, 'concurrency'>
  readonly limiter: (bucket: string) => Limiter
}

/** How long a forecast takes in these regions, by what a call was told and this process has learnt. */
export function timeOf(
  { limiter, measured, options }: Asking,
  forecast: Forecast,
  regions: readonly string[],
): Time {
  const rateOf = ratesFrom({ measured, bucketOf: (bucket) => limiter(bucket).bucket })
  return reckonTime(forecast, {
    measured,
    rateOf,
    concurrency: options.concurrency,
    regions: regions.filter((region) => region !== GLOBAL).length,
  })
}

/**
 * Accounts are collected one after the other. What an API's time is reckoned by is said of the account that
 * takes most.
 */
export function sumTimes(times: readonly Time[]): Time {
  const ofApi = new Map<string, Reckoned>()
  const most = new Map<string, number>()
  for (const [api, { basis, seconds }] of times.flatMap((time) => [...time.ofApi])) {
    const sum = ofApi.get(api) ?? { seconds: 0, basis }
    const isMost = seconds > (most.get(api) ?? 0)
    if (isMost) most.set(api, seconds)
    ofApi.set(api, { seconds: sum.seconds + seconds, basis: isMost ? basis : sum.basis })
  }
  return { total: times.reduce((sum, { total }) => sum + total, 0), ofApi }
}

/** A forecast as a collection says it. */
export function predictedApis(forecast: Forecast, { ofApi }: Time): readonly PredictedApi[] {
  return [...callsByApi(forecast)].map(([api, calls]) => [api, calls, ofApi.get(api)?.seconds])
}

function measuredBy({ busySeconds, calls: before }: MeasuredApi, calls: number): Reckoned {
  return { seconds: (calls * busySeconds) / before, basis: 'measured' }
}

function assumed(calls: number, atOnce: number): Reckoned {
  const inTurn = Math.ceil(calls / Math.max(1, atOnce))
  return { seconds: inTurn * ASSUMED_ANSWER_SECONDS, basis: 'assumed' }
}

function secondsOf(ofApi: ReadonlyMap<string, Reckoned>): readonly number[] {
  return [...ofApi.values()].map(({ seconds }) => seconds)
}
