import { COLLECTOR_SERVICE } from '../server/plugin-services.ts'
import { type CallFailure, callPlugin } from './call-plugin.ts'
import { type CollectInput, encodeObjects } from './encode-input.ts'

/**
 * Runs `verify` of the plugin on a port of this machine; resolves with why it refused, and with nothing when
 * it did not.
 */
export function verifyWith(
  port: number,
  { options = {}, secretData = {} }: Pick<CollectInput, 'options' | 'secretData'> = {},
): Promise<CallFailure | undefined> {
  const request = encodeObjects([options, secretData])
  return callPlugin(port, `/${COLLECTOR_SERVICE}/verify`, request, () => {})
}
