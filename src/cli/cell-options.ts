import type { CliContext } from './cli-context.ts'
import { COLLECTOR_ID, findCollector } from './find-collector.ts'

/** Options that choose cells of the ledger. */
export type CellOptions = {
  readonly collector?: string
  readonly account?: string
  readonly region?: string
}

/**
 * The fields of a request that choose cells. What a deleted collector has told of is still there, and only
 * its id names it.
 */
export async function cellsOf(ctx: CliContext, { collector, account, region }: CellOptions) {
  const named = (idOrName: string) =>
    COLLECTOR_ID.test(idOrName) ? idOrName : findCollector(ctx, idOrName).then((found) => found.collector.id)
  return {
    domain_id: ctx.domainId,
    ...(collector === undefined ? {} : { collector_id: await named(collector) }),
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region_code: region }),
  }
}
