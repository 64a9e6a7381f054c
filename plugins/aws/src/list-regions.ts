import { type Client, sendWith } from './api.ts'
import { loadAccount, loadEc2 } from './clients.ts'
import { Denied } from './errors.ts'
import type { Context } from './options.ts'
import { GLOBAL } from './place.ts'
import type { Session } from './session.ts'

/** Regions that an account can be asked in, and those that it would have to enable first. */
export type AccountRegions = { readonly enabled: readonly string[]; readonly off: readonly string[] }

/** Asks EC2, and the account's own settings where EC2 may not be asked. */
export async function listRegions(ctx: Context, session: Session): Promise<AccountRegions> {
  try {
    return await fromEc2(ctx, session)
  } catch (error) {
    if (!(error instanceof Denied)) throw error
    return await fromAccount(ctx, session).catch(() => Promise.reject(error))
  }
}

async function fromEc2(ctx: Context, session: Session): Promise<AccountRegions> {
  const { DescribeRegionsCommand, EC2Client } = await loadEc2()
  const client: Client = new EC2Client(session.configFor('ec2', GLOBAL))
  const { Regions = [] } = await sendWith(client, new DescribeRegionsCommand({ AllRegions: true }), {
    call: ctx,
    service: 'ec2',
    place: session.placeOf(ctx.options.home_region),
    attempt: { what: 'listing the regions of the account', action: 'ec2:DescribeRegions' },
    onCall: session.noteCall,
  })
  return split(Regions.map(({ OptInStatus, RegionName }) => [RegionName, OptInStatus !== 'not-opted-in']))
}

async function fromAccount(ctx: Context, session: Session): Promise<AccountRegions> {
  const { AccountClient, ListRegionsCommand } = await loadAccount()
  const client: Client = new AccountClient(session.configFor('account', GLOBAL))
  const found: (readonly [string | undefined, boolean])[] = []
  let token: string | undefined
  do {
    const { NextToken, Regions = [] } = await sendWith(
      client,
      new ListRegionsCommand({ MaxResults: 50, NextToken: token }),
      {
        call: ctx,
        service: 'account',
        place: session.placeOf(GLOBAL),
        attempt: { what: 'listing the regions of the account', action: 'account:ListRegions' },
        onCall: session.noteCall,
      },
    )
    for (const { RegionName, RegionOptStatus } of Regions)
      found.push([RegionName, RegionOptStatus === 'ENABLED' || RegionOptStatus === 'ENABLED_BY_DEFAULT'])
    token = NextToken
  } while (token)
  return split(found)
}

function split(regions: readonly (readonly [string | undefined, boolean])[]): AccountRegions {
  const named = (isEnabled: boolean) =>
    regions
      .flatMap(([name, enabled]) => (name !== undefined && enabled === isEnabled ? [name] : []))
      .toSorted()
  return { enabled: named(true), off: named(false) }
}
