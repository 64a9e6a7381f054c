import type { Limiter, MeasuredApi } from '@gleaner/sdk'
import { apiOf } from './forecast.ts'

/** A bucket of calls: how many at once, and how many come in each second. */
export type Rate = {
  readonly burst: number
  readonly perSecond: number
  readonly basis: 'learnt' | 'declared'
}

/**
 * What AWS declares for calls that read, in each region of an account. Of most other APIs it says nothing.
 */
const DECLARED: Readonly<Record<string, Rate>> = {
  ec2: { burst: 100, perSecond: 20, basis: 'declared' },
}

export type RateOf = (bucket: string) => Rate | undefined

type Learnt = {
  /** What this process has learnt of a bucket. */
  readonly bucketOf: (bucket: string) => Limiter['bucket']
  readonly measured: readonly MeasuredApi[]
}

/**
 * What was learnt from refusals goes before what is declared: by this process, of the bucket itself, or else
 * by earlier runs, of the slowest of its API. Pure.
 */
export function ratesFrom({ bucketOf, measured }: Learnt): RateOf {
  const before = new Map(measured.map((each) => [each.api, each]))
  return (bucket) => {
    const live = bucketOf(bucket)
    if (live !== undefined) return { burst: live.size, perSecond: live.rate, basis: 'learnt' }
    const { burst, rate = 0 } = before.get(apiOf(bucket)) ?? {}
    return rate > 0 ? { burst: burst ?? 0, perSecond: rate, basis: 'learnt' } : DECLARED[apiOf(bucket)]
  }
}
