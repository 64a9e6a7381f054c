import { apiOf, type Forecast } from './forecast.ts'

/** A bucket of calls: how many at once, and how many come in each second. */
export type Rate = { readonly burst: number; readonly perSecond: number }

/** What AWS declares for calls that read, in each region of an account. Of most other APIs it says nothing. */
const DECLARED: Readonly<Record<string, Rate>> = { ec2: { burst: 100, perSecond: 20 } }

export type RateOf = (bucket: string) => Rate | undefined

/** A rate that was learnt from refusals goes before a declared one; how much an account may at once is not learnt. */
export function ratesFrom(learnt: (bucket: string) => number | undefined): RateOf {
  return (bucket) => {
    const declared = DECLARED[apiOf(bucket)]
    const perSecond = learnt(bucket)
    return perSecond === undefined ? declared : { burst: declared?.burst ?? 0, perSecond }
  }
}

/** Seconds that the calls of each API take at least: as long as its slowest bucket. Undefined where no rate is known. */
export function secondsByApi(forecast: Forecast, rateOf: RateOf): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>()
  for (const [bucket, calls] of forecast) {
    const rate = rateOf(bucket)
    if (rate === undefined) continue
    const needed = Math.max(0, calls - rate.burst) / rate.perSecond
    seconds.set(apiOf(bucket), Math.max(seconds.get(apiOf(bucket)) ?? 0, needed))
  }
  return seconds
}
