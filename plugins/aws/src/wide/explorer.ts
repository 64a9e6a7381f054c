import { type Client, createApi } from '../api.ts'
import { loadExplorer } from '../clients.ts'
import type { Context } from '../options.ts'
import { GLOBAL } from '../place.ts'
import type { Session } from '../session.ts'
import { noteCalls } from './last-calls.ts'

/** What Resource Explorer knows of an account. */
export type Explorer = {
  /** ARNs by the type that they belong to; none where no index that may be asked knows the region. */
  readonly knownIn: (region: string) => Promise<Known>
}

type Known = ReadonlyMap<string, readonly string[]>
type TypeOf = (arn: string) => string | undefined
/** Where the index that knows a region lies. */
type IndexOf = (region: string) => string | undefined

export const EXPLORER_SERVICE = 'resource-explorer-2'
export const NO_EXPLORER: Explorer = { knownIn: async () => new Map() }

/** Of pages of 1,000, the most that it takes, the API says nothing of the next one. */
const PAGE_SIZE = 500

/**
 * Asks the index that gathers all regions, else that of the region, once and before the first list. Where
 * there is none, or none that may be asked, lists are not compared with it, which is said once.
 */
export function createExplorer(ctx: Context, session: Session, typeOf: TypeOf): Explorer {
  let isSaid = false
  const sayNothingIsKnown = (error?: unknown): Known => {
    ctx.signal.throwIfAborted()
    if (!isSaid)
      ctx.log.info('lists are not compared with Resource Explorer', { account: session.account, error })
    isSaid = true
    return new Map()
  }
  let finding: Promise<IndexOf> | undefined
  const read = async (region: string): Promise<Known> => {
    finding ??= findIndexes(ctx, session)
    const index = (await finding)(region)
    return index === undefined
      ? sayNothingIsKnown()
      : await readIndex(ctx, session, { index, region, typeOf })
  }
  return { knownIn: (region) => read(region).catch(sayNothingIsKnown) }
}

async function findIndexes(ctx: Context, session: Session): Promise<IndexOf> {
  const { pages, sdk, send } = await openExplorer(ctx, session, {
    region: ctx.options.home_region,
    what: 'listing the indexes of Resource Explorer',
    action: `${EXPLORER_SERVICE}:ListIndexes`,
  })
  const regions = new Set<string>()
  let aggregator: string | undefined
  const indexes = pages(
    (NextToken) => send(new sdk.ListIndexesCommand({ NextToken, MaxResults: 100 })),
    (page) => page.NextToken,
    (page) => page.Indexes,
  )
  let calls = 0
  for await (const page of indexes) {
    calls++
    for (const { Region: region, Type: type } of page) {
      if (region !== undefined) regions.add(region)
      if (type === 'AGGREGATOR') aggregator = region
    }
  }
  noteCalls({ service: EXPLORER_SERVICE, account: session.account, region: GLOBAL }, calls)
  // The index that gathers knows those regions alone that have one themselves.
  return (region) => (regions.has(region) ? (aggregator ?? region) : undefined)
}

type Question = { readonly index: string; readonly region: string; readonly typeOf: TypeOf }

async function readIndex(
  ctx: Context,
  session: Session,
  { index, region, typeOf }: Question,
): Promise<Known> {
  const { pages, sdk, send } = await openExplorer(ctx, session, {
    region: index,
    what: `listing what Resource Explorer knows of ${region}`,
    action: `${EXPLORER_SERVICE}:ListResources`,
  })
  const found = new Map<string, string[]>()
  const Filters = { FilterString: `region:${region}` }
  const resources = pages(
    (NextToken) => send(new sdk.ListResourcesCommand({ Filters, NextToken, MaxResults: PAGE_SIZE })),
    (page) => page.NextToken,
    (page) => page.Resources,
  )
  let calls = 0
  for await (const page of resources) {
    calls++
    for (const { Arn: arn = '', OwningAccountId: owner, Region: where } of page) {
      const type = owner === session.account && where === region ? typeOf(arn) : undefined
      if (type !== undefined) found.set(type, [...(found.get(type) ?? []), arn])
    }
  }
  noteCalls({ service: EXPLORER_SERVICE, account: session.account, region }, calls)
  return found
}

type Asking = { readonly region: string; readonly what: string; readonly action: string }

async function openExplorer(ctx: Context, session: Session, { action, region, what }: Asking) {
  const sdk = await loadExplorer()
  const client: Client = new sdk.ResourceExplorer2Client(session.configFor(EXPLORER_SERVICE, region))
  return createApi(sdk, client, {
    call: ctx,
    service: EXPLORER_SERVICE,
    place: session.placeOf(region),
    attempt: { what, action },
    onCall: session.noteCall,
  })
}
