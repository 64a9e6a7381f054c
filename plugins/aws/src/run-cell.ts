import { type CollectContext, PluginError, type Yielded } from '@gleaner/sdk'
import { createApi } from './api.ts'
import { askInOrder } from './ask-in-order.ts'
import type { Cell } from './cells.ts'
import { Denied, isGone } from './errors.ts'
import type { Found, Loaded } from './kind.ts'
import type { Options, Secret } from './options.ts'
import { GLOBAL, type Place } from './place.ts'
import type { Session } from './session.ts'

export type Collecting = CollectContext<Options, Secret>

/** Items of one list whose details are asked for at once. */
const DETAILS_AT_ONCE = 8

/**
 * The scope that a cell is the whole of. A service that is asked once about all regions has one scope for
 * them.
 */
export function scopeOf({ name, region, service }: Cell, account: string) {
  return service.reach === 'spread' ? { type: name, account } : { type: name, account, regionCode: region }
}

/** Reads one list to its end. What fails is an error that names the cell, and costs it alone. */
export function runCell(
  ctx: Collecting,
  session: Session,
  cell: Cell,
): AsyncIterable<Yielded | readonly Yielded[]> {
  return ctx.list(scopeOf(cell, session.account), readCell(ctx, session, cell))
}

async function* readCell(ctx: Collecting, session: Session, cell: Cell): AsyncGenerator<readonly Yielded[]> {
  const { kind, region, service } = cell
  const place = session.placeOf(region)
  const { client, sdk } = await service.open(session.configFor(service.api, region))
  const { group, type } = kind.declaration
  const api = createApi(sdk, client, {
    call: ctx,
    service: service.api,
    place,
    attempt: {
      what: `listing ${group}/${type} in ${region}`,
      action: kind.permissions[0],
      isKnownElsewhere: region !== GLOBAL && region !== ctx.options.home_region,
    },
    onCall: session.noteCall,
  })
  let hasLoaded = false
  const denied: Tried[] = []
  for await (const page of kind.read(api)) {
    for await (const tried of triedOf(cell, page)) {
      hasLoaded ||= tried.some(({ loaded }) => loaded !== undefined)
      if (hasLoaded) {
        const all = [...denied.splice(0), ...tried]
        yield all.flatMap((each) => toYielded(ctx, cell, place, each))
      } else {
        denied.push(...tried.filter((each) => each.denied !== undefined))
        assertFewerThan(DETAILS_AT_ONCE, denied)
      }
    }
  }
  assertFewerThan(1, denied)
}

/**
 * Where none could be had and this many were denied, the permission as such is missing, which fails the list.
 */
function assertFewerThan(count: number, denied: readonly Tried[]): void {
  if (denied.length >= count) throw denied[0]?.denied
}

async function* triedOf(cell: Cell, page: readonly Found[]): AsyncGenerator<readonly Tried[]> {
  const load = (found: Found) => loadOne(cell, found)
  if (!cell.kind.hasDetail) yield await Promise.all(page.map(load))
  else for await (const tried of askInOrder(page, DETAILS_AT_ONCE, load)) yield [tried]
}

type Tried = { readonly id: string; readonly loaded?: Loaded | undefined; readonly denied?: unknown }

async function loadOne(cell: Cell, found: Found): Promise<Tried> {
  const { group, type } = cell.kind.declaration
  const { id } = found
  if (id === undefined)
    throw new PluginError('ERROR_ANSWER', `AWS listed something of ${group}/${type} without what names it`)
  try {
    return { id, loaded: await found.load() }
  } catch (error) {
    if (isGone(error)) return { id }
    if (error instanceof Denied) return { id, denied: error }
    throw error
  }
}

/**
 * A detail that is denied for one of many, as by a policy of the thing itself, is an error that names it; the
 * list is complete without.
 */
function toYielded(
  ctx: Collecting,
  cell: Cell,
  { account, region }: Place,
  { denied, id, loaded }: Tried,
): readonly Yielded[] {
  if (denied !== undefined) return [ctx.error({ ...scopeOf(cell, account), resourceId: id, error: denied })]
  if (loaded === undefined) return []
  const { link, region: ownRegion, ...fields } = loaded.described
  return [
    ctx.cloudService(cell.name, {
      ...fields,
      resourceId: id,
      account,
      regionCode: ownRegion ?? region,
      externalLink: link,
      data: loaded.document,
    }),
  ]
}
