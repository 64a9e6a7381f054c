import type { Cell } from '../cells.ts'
import { KINDS } from '../services/index.ts'
import { costOf } from './costs.ts'
import { bucketOf, type Forecast } from './forecast.ts'
import type { CountOf } from './known-counts.ts'

type Input = {
  readonly account: string
  readonly cells: readonly Cell[]
  readonly countOf: CountOf
}

/**
 * The calls that the lists of services with modules of their own take, if nothing has changed since. Pure.
 */
export function predictCalls({ account, cells, countOf }: Input): Forecast {
  const forecast = new Map<string, number>()
  for (const cell of cells) {
    const bucket = bucketOf(cell.service.api, { account, region: cell.region })
    forecast.set(bucket, (forecast.get(bucket) ?? 0) + callsOf(cell, account, countOf))
  }
  return forecast
}

/**
 * A list takes a page at least. Where each thing of another kind has a list of its own, how they are spread
 * over them is not known, so that whole pages are assumed.
 */
function callsOf({ kind, name, region, service }: Cell, account: string, countOf: CountOf): number {
  const place = service.reach === 'spread' ? undefined : region
  const count = (of: string | undefined) => {
    const declared = of === undefined ? undefined : KINDS[of]?.declaration
    return declared === undefined ? 0 : countOf(declared, account, place)
  }
  const cost = costOf(name, kind)
  const own = countOf(kind.declaration, account, place)
  const parents = count(cost.parent)
  const lists = cost.parent === undefined ? 1 : parents
  const pages = lists === 0 ? 0 : Math.max(lists, Math.ceil((own + count(cost.beside)) / cost.page))
  const ofParents =
    cost.parent === undefined ? 0 : Math.max(1, Math.ceil(parents / costOf(cost.parent, kind).page))
  const batches = cost.batch === undefined ? 0 : Math.max(Math.ceil(own / cost.batch), Math.min(own, parents))
  return pages + ofParents + batches + cost.more + own * cost.each
}
