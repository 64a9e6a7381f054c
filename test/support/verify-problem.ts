import type { JsonObject } from '@gleaner/sdk'
import { PluginClient } from './plugin-client.ts'

type Input = { readonly options?: JsonObject; readonly secretData?: JsonObject }

/** What `verify` of a plugin on a port of this machine fails with, if it does. */
export async function verifyProblem(port: number, { options = {}, secretData = {} }: Input) {
  const client = new PluginClient(port)
  try {
    await client.verify({ options, secretData })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    client.close()
  }
}
