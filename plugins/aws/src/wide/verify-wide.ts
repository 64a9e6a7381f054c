import { type Client, createApi } from '../api.ts'
import { loadTagging } from '../clients.ts'
import type { Denial } from '../denials.ts'
import { Denied } from '../errors.ts'
import { mergeSources } from '../merge.ts'
import type { Context } from '../options.ts'
import { isGrantable } from '../plan/grantable.ts'
import type { Session } from '../session.ts'
import type { Catalog } from './catalog.ts'
import { isToldEnough } from './list-type.ts'
import { LISTS_A_REGION } from './lists-at-once.ts'
import { isIn, loadWideData } from './load-data.ts'
import { isWide, openCatalog } from './open-catalog.ts'
import { openWideRegion, type WideRegion } from './region.ts'
import { kindOf, type WideType } from './wide-type.ts'

/**
 * Permissions that are missing for what is read through Cloud Control: to ask it and the tagging API at all,
 * and of each service those of one type, which tells whether the service is open. What its other types need
 * shows in the collection, type by type, as trying more than a thousand lists would be one.
 */
export async function* missingForWide(
  ctx: Context,
  session: Session,
  region: string,
): AsyncGenerator<Denial> {
  if (!isWide(ctx.options)) return
  const catalog = await openCatalog(ctx)
  const [first, ...others] = samplesOf(catalog, region)
  if (first === undefined) return
  const wide = await openWideRegion(ctx, session, region)
  const denied = await denialOf(ctx, () => tryType(wide, first, catalog.types[first]), catalog.types[first])
  if (denied !== undefined) yield denied
  if (denied?.action.startsWith('cloudformation:List')) return
  const tried = others.map(
    (name) =>
      async function* () {
        const denial = await denialOf(
          ctx,
          () => tryType(wide, name, catalog.types[name]),
          catalog.types[name],
        )
        if (denial !== undefined) yield denial
      },
  )
  yield* mergeSources(tried, LISTS_A_REGION)
  if (!ctx.options.wide_cross_check) return
  const tagging = await denialOf(ctx, () => tryTagging(ctx, session, region), undefined)
  if (tagging !== undefined) yield tagging
}

/** Of each service the first type that wants to be told nothing and exists in the region. */
function samplesOf({ listed, types }: Catalog, region: string): readonly string[] {
  const data = loadWideData()
  const askable = listed.filter((name) => types[name]?.ask === undefined && isIn(data, name, region))
  return [...Map.groupBy(askable, (name) => kindOf(name).group).values()].flatMap(([name]) => name ?? [])
}

/** The first page, and one resource of it where the list tells too little. */
async function tryType(
  wide: WideRegion,
  typeName: string,
  type: WideType = { identifier: [] },
): Promise<void> {
  for await (const [resource] of wide.list(typeName, undefined)) {
    if (resource !== undefined && !isToldEnough(resource, type)) await wide.get(typeName, resource.identifier)
    return
  }
}

async function tryTagging(ctx: Context, session: Session, region: string): Promise<void> {
  const sdk = await loadTagging()
  const client: Client = new sdk.ResourceGroupsTaggingAPIClient(session.configFor('tagging', region))
  const { send } = createApi(sdk, client, {
    call: ctx,
    service: 'tagging',
    place: session.placeOf(region),
    attempt: { what: `listing what is tagged in ${region}`, action: 'tag:GetResources' },
    onCall: session.noteCall,
  })
  await send(new sdk.GetResourcesCommand({ ResourcesPerPage: 1 }))
}

/**
 * Other failures are for the collection to show. Where a handler does not say what it needs, its type's
 * specification does.
 */
async function denialOf(
  ctx: Context,
  attempt: () => Promise<void>,
  type: WideType | undefined,
): Promise<Denial | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!(error instanceof Denied)) return undefined
    const { action = type?.permissions?.filter(isGrantable).join(', ') ?? '', policy } = error
    return { action, policy }
  }
}
