import { type CollectContext, PluginError, type Yielded } from '@gleaner/sdk'
import { createApi } from './api.ts'
import type { Cell } from './cells.ts'
import { Denied, isGone } from './errors.ts'
import type { Found, Loaded } from './kind.ts'
import type { Options, Secret } from './options.ts'
import { GLOBAL, type Place } from './place.ts'
import type { Session } from './session.ts'

export type Collecting = CollectContext<Options, Secret>

/** Items of one list whose details are asked for at once. */
const DETAILS_AT_ONCE = 8

/** The scope that a cell is the whole of. A service that is asked once about all regions has one scope for them. */
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
  const size = kind.hasDetail ? DETAILS_AT_ONCE : Number.POSITIVE_INFINITY
  for await (const page of kind.read(api)) {
    for (const part of partsOf(page, size)) {
      const tried = await Promise.all(part.map((found) => loadOne(cell, found)))
      hasLoaded ||= tried.some(({ loaded }) => loaded !== undefined)
      yield tried.flatMap((each) => toYielded(ctx, cell, place, each, hasLoaded))
    }
  }
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
 * A detail that is denied for one of many, as by a policy of the thing itself, is an error that names it; the list is
 * complete without. Where none could be had at all, the permission as such is missing, which fails the list.
 */
function toYielded(
  ctx: Collecting,
  cell: Cell,
  { account, region }: Place,
  { denied, id, loaded }: Tried,
  hasLoaded: boolean,
): readonly Yielded[] {
  if (denied !== undefined && !hasLoaded) throw denied
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

function partsOf<T>(page: readonly T[], size: number): readonly (readonly T[])[] {
  if (page.length <= size) return [page]
  const parts = Math.ceil(page.length / size)
  return Array.from({ length: parts }, (_, part) => page.slice(part * size, (part + 1) * size))
}
