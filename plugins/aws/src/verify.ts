import { PluginError } from '@gleaner/sdk'
import { createApi } from './api.ts'
import { type Cell, chooseRegions, chooseServices, planCells } from './cells.ts'
import { type Denial, describeDenials } from './denials.ts'
import { Denied, toError } from './errors.ts'
import { listRegions } from './list-regions.ts'
import { mergeSources } from './merge.ts'
import type { Context } from './options.ts'
import { GLOBAL } from './place.ts'
import { SERVICES } from './services/index.ts'
import { openSession, type Session } from './session.ts'
import { accountsOf } from './tasks.ts'
import { missingForWide } from './wide/verify-wide.ts'

/**
 * Opens every account that is to be collected, and in the first of them tries each list for its first page,
 * which is the only way to know a permission without the permission to ask for permissions. All that is
 * missing is said at once.
 */
export async function verify(ctx: Context): Promise<void> {
  const { accounts, closed } = await accountsOf(ctx)
  const problems: string[] = closed.map(({ message }) => message)
  const [first, ...others] = accounts
  const session = await openSession(ctx, first)
  try {
    const { asked, off } = chooseRegions(await listRegions(ctx, session), ctx.options)
    problems.push(...off.map(({ region }) => `${region} is not enabled in ${session.account}`))
    problems.push(...(await missingPermissions(ctx, session, asked)))
  } finally {
    session.close()
  }
  const opened = others.map((account) => () => openProblems(ctx, account))
  for await (const problem of mergeSources(opened, ctx.options.concurrency)) problems.push(problem)
  if (problems.length > 0)
    throw new PluginError('ERROR_PERMISSIONS_MISSING', problems.join('; '), { status: 'PERMISSION_DENIED' })
}

/** In the home region where it is asked, else in the first one that is. */
async function missingPermissions(
  ctx: Context,
  session: Session,
  asked: readonly string[],
): Promise<readonly string[]> {
  const { home_region: home, services } = ctx.options
  const region = asked.includes(home) ? home : asked.find((each) => each !== GLOBAL)
  const regions = [GLOBAL, region].filter((each) => each !== undefined).filter((each) => asked.includes(each))
  const cells = planCells(chooseServices(SERVICES, services), regions)
  const denials: Denial[] = []
  const tried = [
    ...cells.map((cell) => () => tryCell(ctx, session, cell)),
    () => missingForWide(ctx, session, region ?? home),
  ]
  for await (const denial of mergeSources(tried, ctx.options.concurrency)) denials.push(denial)
  return describeDenials(session.identity, denials)
}

/** The denial of a list, if any. Other failures are for the collection to show. */
async function* tryCell(ctx: Context, session: Session, cell: Cell): AsyncGenerator<Denial> {
  const { kind, region, service } = cell
  const [action] = kind.permissions
  try {
    const { client, sdk } = await service.open(session.configFor(service.api, region))
    const api = createApi(sdk, client, {
      call: ctx,
      service: service.api,
      place: session.placeOf(region),
      attempt: { what: `listing ${kind.declaration.group}/${kind.declaration.type} in ${region}`, action },
      onCall: session.noteCall,
    })
    for await (const [found] of kind.read(api)) {
      await found?.load()
      break
    }
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof Denied) yield { action: error.action ?? action ?? '', policy: error.policy }
  }
}

async function* openProblems(ctx: Context, account: string | undefined): AsyncGenerator<string> {
  try {
    const session = await openSession(ctx, account)
    session.close()
  } catch (error) {
    ctx.signal.throwIfAborted()
    yield toError(error).message
  }
}
