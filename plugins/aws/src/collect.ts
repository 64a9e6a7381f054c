import { PluginError, type ScopeFields, type Yielded } from '@gleaner/sdk'
import { type Cell, chooseRegions, chooseServices, planCells, shareOf } from './cells.ts'
import { listRegions } from './list-regions.ts'
import { mergeSources } from './merge.ts'
import type { Forecast } from './plan/forecast.ts'
import { countKnown } from './plan/known-counts.ts'
import { predictRegistry, predictWide, predictWork } from './plan/predict-work.ts'
import { predictedApis, timeOf } from './plan/reckon-time.ts'
import { type Collecting, runCell, scopeOf } from './run-cell.ts'
import { SERVICES } from './services/index.ts'
import { openSession, type Session } from './session.ts'
import { readTask } from './tasks.ts'
import { planWideCells } from './wide/cells.ts'
import { collectWide } from './wide/collect-wide.ts'
import { loadWideData } from './wide/load-data.ts'
import { hasAskedRegistry, isWide, openCatalog } from './wide/open-catalog.ts'

/** What one call reads, and with whose eyes. */
type Work = {
  readonly session: Session
  readonly cells: readonly Cell[]
  /** Regions that are asked, `global` among them. */
  readonly asked: readonly string[]
  /** Regions that were chosen and are off. */
  readonly off: ReturnType<typeof chooseRegions>['off']
}

/** A call asks for its scopes first and collects then; both are of the same work. */
const works = new WeakMap<Collecting, Promise<Work>>()

export async function* scopes(ctx: Collecting): AsyncGenerator<ScopeFields> {
  if (readTask(ctx.taskOptions).closed !== undefined) return
  // Why it could not be opened is for `collect` to say.
  const work = await workOf(ctx).catch(() => undefined)
  for (const cell of work?.cells ?? []) yield scopeOf(cell, work?.session.account ?? '')
}

export async function* collect(ctx: Collecting): AsyncGenerator<Yielded | readonly Yielded[]> {
  const { account, closed } = readTask(ctx.taskOptions)
  if (closed !== undefined) {
    yield ctx.error({ code: closed.code, message: closed.message })
    return
  }
  let work: Work
  try {
    work = await workOf(ctx)
  } catch (error) {
    if (account === undefined || isPassing(error)) throw error
    yield ctx.error({ account, error })
    return
  }
  const { asked, cells, off, session } = work
  try {
    const { account, isOther } = session
    const planned = { account, isOther, tasks: 1, cells }
    predict(ctx, predictWork(planned, countKnown(ctx.known), ctx), asked)
    for (const { isKnown, region } of off) yield ctx.error(regionOff(session.account, region, isKnown))
    const sources = cells.map((cell) => () => runCell(ctx, session, cell))
    const parts = [
      () => mergeSources(sources, ctx.options.concurrency),
      () => collectOthers(ctx, session, asked),
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
  const planned = predictWide(session.account, { catalog, cells }, countKnown(ctx.known), ctx.options)
  predict(ctx, planned, regions)
  if (hasAskedRegistry(ctx))
    predict(ctx, predictRegistry(session.account, ctx.options, ctx.secretData), regions)
  yield* collectWide(ctx, session, catalog, cells)
}

function predict(ctx: Collecting, forecast: Forecast, regions: readonly string[]): void {
  const time = timeOf(ctx, forecast, regions)
  ctx.predict(predictedApis(forecast, time), time.total)
}

function workOf(ctx: Collecting): Promise<Work> {
  const known = works.get(ctx)
  if (known !== undefined) return known
  const work = openWork(ctx)
  works.set(ctx, work)
  return work
}

async function openWork(ctx: Collecting): Promise<Work> {
  const { account, share } = readTask(ctx.taskOptions)
  const session = await openSession(ctx, account)
  try {
    const services = chooseServices(SERVICES, ctx.options.services)
    const regions = chooseRegions(await listRegions(ctx, session), ctx.options)
    const asked = shareOf(regions.asked, share)
    closeWithCall(ctx, session)
    return { session, asked, cells: planCells(services, asked), off: share.group === 0 ? regions.off : [] }
  } catch (error) {
    session.close()
    throw error
  }
}

/** Whoever calls may leave before `collect` has begun, which closes it otherwise. */
function closeWithCall({ signal }: Collecting, session: Session): void {
  if (signal.aborted) session.close()
  else signal.addEventListener('abort', session.close, { once: true })
}

function isPassing(error: unknown): boolean {
  return !(error instanceof PluginError) || error.retryable
}

function regionOff(account: string, regionCode: string, isKnown: boolean) {
  const why = isKnown
    ? 'the account has not enabled it'
    : 'AWS does not name it among the regions of the account'
  return { account, regionCode, code: 'ERROR_REGION_OFF', message: `${regionCode} was chosen, but ${why}` }
}
