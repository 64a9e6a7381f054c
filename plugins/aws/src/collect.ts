import type { ScopeFields, Yielded } from '@gleaner/sdk'
import { type Cell, chooseRegions, chooseServices, planCells } from './cells.ts'
import { listRegions } from './list-regions.ts'
import { mergeSources } from './merge.ts'
import type { Context } from './options.ts'
import { type Collecting, runCell, scopeOf } from './run-cell.ts'
import { SERVICES } from './services/index.ts'
import { openSession, type Session } from './session.ts'

/** What one call is going to read. */
type Plan = { readonly cells: readonly Cell[]; readonly off: ReturnType<typeof chooseRegions>['off'] }

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
    const { cells, off } = await makePlan(ctx, session)
    for (const { isKnown, region } of off) yield ctx.error(regionOff(session.account, region, isKnown))
    const sources = cells.map((cell) => () => runCell(ctx, session, cell))
    yield* mergeSources(sources, ctx.options.concurrency)
  } finally {
    session.close()
  }
}

async function makePlan(ctx: Context, session: Session): Promise<Plan> {
  const services = chooseServices(SERVICES, ctx.options.services)
  const regions = chooseRegions(await listRegions(ctx, session), ctx.options)
  return { cells: planCells(services, regions.asked), off: regions.off }
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
