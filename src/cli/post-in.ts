import type { CliContext } from './cli-context.ts'
import type { Answer, JsonObject } from './client.ts'

/** Calls one of a service's methods for the domain of the command. */
type PostVerb = (ctx: CliContext, verb: string, request: JsonObject) => Promise<Answer>

/** The methods of the service whose paths begin with `path`. */
export function postIn(path: string): PostVerb {
  return ({ client, domainId }, verb, request) =>
    client.post(`${path}/${verb}`, { domain_id: domainId, ...request })
}
