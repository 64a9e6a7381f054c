import { PluginError } from '@gleaner/sdk'
import { policyIn } from '../denials.ts'
import { Denied } from '../errors.ts'

/** Cloud Control passes on what services answer to it, in words alone: there a denial has to be read. */
const DENIED =
  /not authorized to perform:? ?(?<action>[a-z0-9-]+:[A-Za-z0-9*]+)?|access ?denied|UnauthorizedOperation/i

/** Gives a failure of a type's handler the meaning that it would have had coming from the service. */
export function explainHandler(error: unknown): never {
  if (!(error instanceof PluginError) || error.status === 'PERMISSION_DENIED') throw error
  const denial = DENIED.exec(error.message)
  if (denial === null) throw error
  const policy = policyIn(error.message)
  const action = denial.groups?.action
  const named = action === undefined ? '' : ` '${action}'`
  const meaning = policy === undefined ? `the permission${named} is missing` : `a policy forbids${named}`
  throw new Denied(
    policy === undefined ? 'ERROR_ACCESS_DENIED' : 'ERROR_POLICY_DENIED',
    `${meaning}, which the handler of the type needs: ${error.message}`,
    { action, policy, cause: error.cause },
  )
}

/** True when the region has no such type, or the type has no list, whatever the data say. */
export function isNotOffered(error: unknown): boolean {
  const name = causeOf(error)
  return name === 'TypeNotFoundException' || name === 'UnsupportedActionException'
}

/** True when a type can be listed, but its resources cannot be asked for alone. */
export function isUnreadable(error: unknown): boolean {
  return causeOf(error) === 'UnsupportedActionException'
}

/** What AWS itself called the failure. */
function causeOf(error: unknown): string | undefined {
  return error instanceof PluginError && error.cause instanceof Error ? error.cause.name : undefined
}
