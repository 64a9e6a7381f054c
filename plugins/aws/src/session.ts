import { PluginError } from '@gleaner/sdk'
import type { NodeHttpHandler } from '@smithy/node-http-handler'
import { type Client, sendWith } from './api.ts'
import { loadSts } from './clients.ts'
import { assertReachable, type ClientConfig, clientConfig, createRequestHandler } from './connect.ts'
import { assumeRole, type Credentials, openSecret, type Sts } from './credentials.ts'
import type { Context } from './options.ts'
import { GLOBAL, type Place } from './place.ts'

/** One account, open: whose it is, and what clients are made with. */
export type Session = {
  readonly account: string
  readonly partition: string
  /** Whether it is another one than the secret opens by itself. */
  readonly isOther: boolean
  /** Who asks, as AWS calls it. */
  readonly identity: string
  readonly credentials: Credentials
  readonly configFor: (service: string, region: string) => ClientConfig
  readonly placeOf: (region: string) => Place
  /** Calls that were sent so far, repetitions included. */
  readonly calls: () => number
  readonly noteCall: () => void
  /** Closes its connections. */
  readonly close: () => void
}

/**
 * Opens the secret, or `account_role` in another account from there, and asks AWS whose it is: what cannot be
 * opened fails here, once, and not in every list.
 */
export async function openSession(ctx: Context, account?: string): Promise<Session> {
  await assertReachable(ctx)
  const requestHandler = createRequestHandler(ctx.options, ctx.network)
  try {
    const sts: Sts = {
      configFor: (credentials) =>
        clientConfig(ctx.options, requestHandler, {
          service: 'sts',
          region: ctx.options.home_region,
          credentials,
        }),
      inTurn: (role, call) => ctx.limiter(`sts/${role}`).run(call, ctx.signal),
    }
    const own = await identify(ctx, openSecret(ctx.secretData, sts), requestHandler)
    // The role that opens other accounts is not there in the one that they are opened from.
    if (account === undefined || account === own.account) return own
    const role = { role_arn: roleIn(ctx, own, account), external_id: ctx.secretData.account_external_id }
    const other = await identify(ctx, assumeRole(own.credentials, role, sts), requestHandler)
    if (other.account === account) return { ...other, isOther: true }
    throw new PluginError(
      'ERROR_WRONG_ACCOUNT',
      `${role.role_arn} opens account ${other.account}, not ${account}`,
      { status: 'FAILED_PRECONDITION' },
    )
  } catch (error) {
    requestHandler.destroy()
    throw error
  }
}

function roleIn(
  { options: { account_role: role } }: Context,
  { partition }: Session,
  account: string,
): string {
  if (role.startsWith('arn:')) return role.replaceAll('{account}', account)
  return `arn:${partition}:iam::${account}:role/${role}`
}

async function identify(
  ctx: Context,
  credentials: Credentials,
  requestHandler: NodeHttpHandler,
): Promise<Session> {
  let calls = 0
  const noteCall = () => {
    calls++
  }
  const configFor = (service: string, region: string) =>
    clientConfig(ctx.options, requestHandler, {
      service,
      region: region === GLOBAL ? ctx.options.home_region : region,
      credentials,
    })
  const { GetCallerIdentityCommand, STSClient } = await loadSts()
  const client: Client = new STSClient(configFor('sts', GLOBAL))
  const unknown: Place = { account: '', partition: '', region: GLOBAL }
  const { Account: account, Arn: identity } = await sendWith(client, new GetCallerIdentityCommand({}), {
    call: ctx,
    service: 'sts',
    place: unknown,
    attempt: { what: 'asking whose credentials these are', action: 'sts:GetCallerIdentity' },
    onCall: noteCall,
  })
  if (account === undefined || identity === undefined)
    throw new PluginError('ERROR_ANSWER', 'STS did not say whose credentials these are')
  const partition = identity.split(':')[1] ?? 'aws'
  return {
    account,
    partition,
    isOther: false,
    identity,
    credentials,
    configFor,
    placeOf: (region) => ({ account, partition, region }),
    calls: () => calls,
    noteCall,
    close: () => requestHandler.destroy(),
  }
}
