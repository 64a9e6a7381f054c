import type { Place } from '../place.ts'

/** Calls by what shares a bucket: `ec2/123456789012/eu-central-1`, as limiters are named. */
export type Forecast = ReadonlyMap<string, number>

export function bucketOf(api: string, { account, region }: Pick<Place, 'account' | 'region'>): string {
  return `${api}/${account}/${region}`
}

/** What stands before the first slash of a bucket. */
export function apiOf(bucket: string): string {
  return bucket.split('/')[0] ?? bucket
}

export function sumForecasts(forecasts: Iterable<Forecast>): Forecast {
  const sum = new Map<string, number>()
  for (const forecast of forecasts)
    for (const [bucket, calls] of forecast) sum.set(bucket, (sum.get(bucket) ?? 0) + calls)
  return sum
}

/** Calls by API, in the order in which they come up first. */
export function callsByApi(forecast: Forecast): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const [bucket, count] of forecast) calls.set(apiOf(bucket), (calls.get(apiOf(bucket)) ?? 0) + count)
  return calls
}
