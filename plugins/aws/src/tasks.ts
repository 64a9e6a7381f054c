import type { JsonObject, TaskOptions } from '@gleaner/sdk'
import type { Share } from './cells.ts'
import type { Context } from './options.ts'
import { type ClosedUnit, findAccounts } from './organization.ts'
import { openSession } from './session.ts'

/** A task's share of the work, as `getTasks` hands it out and gets it back. */
export type Task = {
  /** Undefined for the account that the secret opens. */
  readonly account: string | undefined
  readonly share: Share
  /** A unit that could not be looked into; such a task says so and does nothing else. */
  readonly closed: ClosedUnit | undefined
}

/**
 * One task for each account and group of regions, and one for each unit of the organization that could not be
 * listed.
 */
export async function getTasks(ctx: Context): Promise<readonly TaskOptions[]> {
  const { accounts, closed } = await accountsOf(ctx)
  const groups = ctx.options.region_groups
  const shares = Array.from({ length: groups }, (_, group) => ({ group, groups }))
  return [
    ...accounts.flatMap((account) =>
      shares.map((share) => ({ ...(account === undefined ? {} : { account }), ...share })),
    ),
    ...closed.map((unit) => ({ closed: unit })),
  ]
}

/** The accounts that the options choose; `undefined` alone is the secret's own. */
export async function accountsOf(
  ctx: Context,
): Promise<{ readonly accounts: readonly (string | undefined)[]; readonly closed: readonly ClosedUnit[] }> {
  const { accounts, organization } = ctx.options
  if (!organization)
    return { accounts: accounts.length === 0 ? [undefined] : [...new Set(accounts)], closed: [] }
  const session = await openSession(ctx)
  try {
    const found = await findAccounts(ctx, session)
    return { accounts: [...new Set([...accounts, ...found.accounts])], closed: found.closed }
  } finally {
    session.close()
  }
}

/** Reads what `getTasks` wrote; nothing is a task for everything that the secret opens. */
export function readTask({ account, closed, group, groups }: JsonObject): Task {
  return {
    account: typeof account === 'string' ? account : undefined,
    share:
      typeof group === 'number' && typeof groups === 'number' ? { group, groups } : { group: 0, groups: 1 },
    closed: readClosed(closed),
  }
}

function readClosed(value: JsonObject[string] | undefined): ClosedUnit | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { code, message, unit } = value
  return { code: String(code), message: String(message), unit: String(unit) }
}
