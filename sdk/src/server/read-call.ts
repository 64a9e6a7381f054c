import { type CallMeter, createCallMeter } from '../calls/call-meter.ts'
import { createLimitedFetch } from '../calls/limited-fetch.ts'
import type { Limiters } from '../calls/limiters.ts'
import type { Network } from '../calls/network.ts'
import type { Connection, Transport } from '../calls/transport.ts'
import type { CallContext } from '../context.ts'
import { InvalidInput } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { createLog } from '../log.ts'
import type { Plugin } from '../plugin.ts'
import { readObject } from '../schema/read-value.ts'
import type { Frame } from './run-call.ts'

/** Checks the options of an `init`, where no secret is known yet. Throws InvalidInput. */
export function checkOptions(plugin: Plugin, options: JsonObject): void {
  const { problems } = readObject(plugin.options, options, 'options')
  if (problems.length > 0) throw new InvalidInput(problems)
}

/** What the calls of a process share on their ways out. */
export type Ways = {
  /** What has been learnt about the provider's APIs, by every call. */
  readonly limiters: Limiters
  readonly network: Network
  /** Of the network, without anything of its own; its connections are everybody's. */
  readonly transport: Transport
}

/**
 * Checks options and secret, and makes the context of a call. All problems of both are thrown at once, as
 * InvalidInput.
 */
export function readCall(
  plugin: Plugin,
  { request, signal, redact }: Frame,
  { limiters, network, transport }: Ways,
  meter: CallMeter = createCallMeter(),
): CallContext {
  const options = readObject(plugin.options, request.options, 'options')
  const secret = readObject(plugin.secret, request.secretData, 'secret_data')
  const problems = [...options.problems, ...secret.problems]
  if (problems.length > 0) throw new InvalidInput(problems)
  const log = createLog({ base: { plugin: plugin.name }, redact })
  const limiter = (api: string) => meter.measure(api, limiters.of(request.secretData, api))
  const fetchOver = (connection: Connection) =>
    createLimitedFetch({ signal, limiterOf: limiter, transport: network.connect(connection) })
  const fetch = createLimitedFetch({ signal, limiterOf: limiter, transport })
  return { options: options.value, secretData: secret.value, signal, log, fetch, fetchOver, limiter, network }
}
