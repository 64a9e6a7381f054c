import type { ScopeFields, Yielded } from '@gleaner/sdk'
import { type Cell, chooseRegions, chooseServices, planCells } from './cells.ts'
import { listRegions } from './list-regions.ts'
import { mergeSources } from './merge.ts'
import type { Context } from './options.ts'
import { type Collecting, runCell, scopeOf } from './run-cell.ts'
import { SERVICES } from './services/index.ts'
import { openSession, type Session } from './session.ts'
import { planWideCells } from './wide/cells.ts'
import { collectWide } from './wide/collect-wide.ts'
import { loadWideData } from './wide/load-data.ts'
import { isWide, openCatalog } from './wide/open-catalog.ts'
import { WIDE_SERVICE } from './wide/options.ts'

/** What one call is going to read. */
type Plan = { readonly cells: readonly Cell[]; readonly regions: ReturnType<typeof chooseRegions> }

export async function verify(ctx: Context): Promise<void> {
  await withSession(ctx, (session) => makePlan(ctx, session))
}

export async function* scopes(ctx: Collecting): AsyncGenerator<ScopeFields> {
  const session = await openSession(ctx)
  try {
    for (const cell of (await makePlan(ctx, session)).cells) yield scopeOf(cell, session.account)
  } finally {
    session.close()
  }
}

export async function* collect(ctx: Collecting): AsyncGenerator<Yielded | readonly Yielded[]> {
  const session = await openSession(ctx)
  try {
    const { cells, regions } = await makePlan(ctx, session)
    for (const { isKnown, region } of regions.off)
      yield ctx.error(regionOff(session.account, region, isKnown))
    const sources = cells.map((cell) => () => runCell(ctx, session, cell))
    const parts = [
      () => mergeSources(sources, ctx.options.concurrency),
      () => collectOthers(ctx, session, regions.asked),
    ]
    yield* mergeSources<Yielded | readonly Yielded[]>(parts, parts.length)
  } finally {
    session.close()
  }
}

/** What has no module of its own, unless the options leave it out. */
async function* collectOthers(ctx: Collecting, session: Session, regions: readonly string[]) {
  if (!isWide(ctx.options)) return
  const catalog = await openCatalog(ctx)
  const cells = planWideCells(catalog, loadWideData(), { home: ctx.options.home_region, regions })
  yield* collectWide(ctx, session, catalog, cells)
}

async function makePlan(ctx: Context, session: Session): Promise<Plan> {
  const named = ctx.options.services.filter((name) => name !== WIDE_SERVICE)
  const isOnlyWide = named.length === 0 && ctx.options.services.length > 0
  const services = isOnlyWide ? [] : chooseServices(SERVICES, named)
  const regions = chooseRegions(await listRegions(ctx, session), ctx.options)
  return { cells: planCells(services, regions.asked), regions }
}

function regionOff(account: string, regionCode: string, isKnown: boolean) {
  const why = isKnown
    ? 'the account has not enabled it'
    : 'AWS does not name it among the regions of the account'
  return { account, regionCode, code: 'ERROR_REGION_OFF', message: `${regionCode} was chosen, but ${why}` }
}

async function withSession<T>(ctx: Context, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(ctx)
  try {
    return await work(session)
  } finally {
    session.close()
  }
}
