import { InvalidInput } from '@gleaner/sdk'
import { chooseRegions } from '../cells.ts'
import { toError } from '../errors.ts'
import { listRegions } from '../list-regions.ts'
import type { Context } from '../options.ts'
import { openSession, type Session } from '../session.ts'
import { usualPartition, usualRegions } from './usual-regions.ts'

/** An account to be collected, as far as it can be asked. */
export type PlannedAccount = {
  /** '' where not even that could be found out. */
  readonly account: string
  readonly partition: string
  readonly isOther: boolean
  /** `global` among them. */
  readonly regions: readonly string[]
  /** What could not be asked, in a sentence. */
  readonly problem?: string
}

/** Asks who an account is and which regions it has. What it does not tell is assumed. */
export async function* askAccount(ctx: Context, wanted: string | undefined): AsyncGenerator<PlannedAccount> {
  const { home_region: home, regions } = ctx.options
  let session: Session | undefined
  try {
    session = await openSession(ctx, wanted)
    const { account, isOther, partition } = session
    const { asked } = chooseRegions(await listRegions(ctx, session), ctx.options)
    yield { account, partition, isOther, regions: asked }
  } catch (error) {
    ctx.signal.throwIfAborted()
    // What was written wrongly is to be corrected, not assumed.
    if (error instanceof InvalidInput) throw error
    const assumed = { account: wanted ?? '', partition: usualPartition(home), isOther: wanted !== undefined }
    const { account, isOther, partition } = session ?? assumed
    const which = account === '' ? 'the account' : `account ${account}`
    const problem = `${which} could not be asked for its regions, so ${regions.length === 0 ? 'those that every account has are' : 'the chosen ones are'} assumed: ${toError(error).message}`
    yield { account, partition, isOther, regions: usualRegions(home, regions), problem }
  } finally {
    session?.close()
  }
}
