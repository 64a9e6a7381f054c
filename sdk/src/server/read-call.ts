import { createLimitedFetch } from '../calls/limited-fetch.ts'
import type { Limiters } from '../calls/limiters.ts'
import { type Connection, createTransport } from '../calls/transport.ts'
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

/** Checks options and secret, and makes the context of a call. All problems of both are thrown at once, as InvalidInput. */
export function readCall(
  plugin: Plugin,
  { request, signal, redact }: Frame,
  limiters: Limiters,
): CallContext {
  const options = readObject(plugin.options, request.options, 'options')
  const secret = readObject(plugin.secret, request.secretData, 'secret_data')
  const problems = [...options.problems, ...secret.problems]
  if (problems.length > 0) throw new InvalidInput(problems)
  const log = createLog({ base: { plugin: plugin.name }, redact })
  const limiter = (api: string) => limiters.of(request.secretData, api)
  const fetchOver = (connection: Connection) =>
    createLimitedFetch({ signal, limiterOf: limiter, transport: createTransport(connection) })
  const fetch = createLimitedFetch({ signal, limiterOf: limiter })
  return { options: options.value, secretData: secret.value, signal, log, fetch, fetchOver, limiter }
}
