import type { Api } from './api.ts'
import { createApi } from './api.ts'
import { loadOrganizations } from './clients.ts'
import { toError } from './errors.ts'
import type { Context } from './options.ts'
import { GLOBAL } from './place.ts'
import type { Session } from './session.ts'

/** Accounts that were found, and units that could not be looked into: what lies there is not known. */
export type Organization = { readonly accounts: readonly string[]; readonly closed: readonly ClosedUnit[] }
export type ClosedUnit = { readonly unit: string; readonly code: string; readonly message: string }

type Organizations = typeof import('@aws-sdk/client-organizations')

/** Walks the tree of the organization, from its root or from the units that the options name. */
export async function findAccounts(ctx: Context, session: Session): Promise<Organization> {
  const sdk = await loadOrganizations()
  const client = new sdk.OrganizationsClient(session.configFor('organizations', GLOBAL))
  const api = createApi(sdk, client, {
    call: ctx,
    service: 'organizations',
    place: session.placeOf(GLOBAL),
    attempt: {
      what: 'listing the accounts of the organization',
      action: 'organizations:ListAccountsForParent',
    },
    onCall: session.noteCall,
  })
  const chosen = ctx.options.organizational_units
  const waiting = chosen.length > 0 ? [...chosen] : [...(await listRoots(api))]
  const accounts = new Set<string>()
  const closed: ClosedUnit[] = []
  for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
    try {
      for (const account of await listAccounts(api, unit)) accounts.add(account)
      waiting.push(...(await listUnits(api, unit)))
    } catch (error) {
      ctx.signal.throwIfAborted()
      const { code, message, retryable } = toError(error)
      // What passes is tried again by whoever asked for the tasks.
      if (retryable) throw error
      closed.push({ unit, code, message: `organisational unit ${unit}: ${message}` })
    }
  }
  return { accounts: [...accounts].toSorted(), closed }
}

async function listRoots({ pages, sdk, send }: Api<Organizations>): Promise<readonly string[]> {
  return gather(
    pages(
      (NextToken) => send(new sdk.ListRootsCommand({ NextToken })),
      (page) => page.NextToken,
      (page) => page.Roots?.map(({ Id }) => Id),
    ),
  )
}

/** Accounts that are closed or about to be cannot be asked any more. */
async function listAccounts({ pages, sdk, send }: Api<Organizations>, ParentId: string) {
  return gather(
    pages(
      (NextToken) => send(new sdk.ListAccountsForParentCommand({ ParentId, NextToken })),
      (page) => page.NextToken,
      (page) => page.Accounts?.filter(({ Status }) => Status === 'ACTIVE').map(({ Id }) => Id),
    ),
  )
}

async function listUnits({ pages, sdk, send }: Api<Organizations>, ParentId: string) {
  return gather(
    pages(
      (NextToken) => send(new sdk.ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
      (page) => page.NextToken,
      (page) => page.OrganizationalUnits?.map(({ Id }) => Id),
    ),
  )
}

async function gather(pages: AsyncIterable<readonly (string | undefined)[]>): Promise<readonly string[]> {
  const found: string[] = []
  for await (const page of pages) found.push(...page.filter((id) => id !== undefined))
  return found
}
