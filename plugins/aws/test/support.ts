import { join } from 'node:path'
import type { JsonObject } from '@gleaner/sdk'
import { type CollectInput, collectFrom, type PluginProcess } from '@gleaner/sdk/testing'
import { PluginClient } from '../../../test/support/plugin-client.ts'
import { verifyProblem as verifyProblemOf } from '../../../test/support/verify-problem.ts'

export const PLUGIN = join(import.meta.dirname, '../src/plugin.ts')

/** What moto lets in as its account `123456789012`. */
export const SECRET = {
  aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  aws_secret_access_key: 'needle-4711-needle',
}
export const ACCOUNT = '123456789012'

/** How the SDK's clients reach a moto, to put there what is then collected. */
export function clientOf(url: string, region = 'eu-central-1') {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = SECRET
  return { endpoint: url, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }
}

/** Collects to the end and sorts what came. */
export async function collectAll(plugin: PluginProcess, input: CollectInput) {
  const { bytes, error, firstServiceMs, resources } = await collectFrom(plugin.port, {
    secretData: SECRET,
    ...input,
  })
  const ofKind = (kind: string) =>
    resources
      .filter(({ resourceType }) => resourceType === `inventory.${kind}`)
      .map(({ resource }) => resource)
  const services = ofKind('CloudService')
  return {
    bytes,
    firstServiceMs,
    error: error?.details,
    failures: resources
      .filter(({ state }) => state === 5)
      .map(({ message, resource }) => ({
        message,
        kind: `${resource.cloud_service_group}/${resource.cloud_service_type}`,
        region: resource.region_code,
        account: resource.account,
        resourceId: resource.resource_id,
      })),
    regions: ofKind('Region'),
    types: ofKind('CloudServiceType'),
    services,
    ofType: (group: string, type: string) =>
      services.filter((each) => each.cloud_service_group === group && each.cloud_service_type === type),
  }
}

type Input = { readonly options: JsonObject; readonly secretData?: JsonObject }

/** What `verify` fails with, if it does. */
export function verifyProblem(plugin: PluginProcess, { options, secretData = SECRET }: Input) {
  return verifyProblemOf(plugin.port, { options, secretData })
}

/** The parts that `get_tasks` splits the work into. */
export async function tasksOf(plugin: PluginProcess, { options, secretData = SECRET }: Input) {
  const client = new PluginClient(plugin.port)
  try {
    const { tasks } = await client.getTasks({ options, secretData })
    return tasks.map(({ taskOptions = {} }) => taskOptions)
  } finally {
    client.close()
  }
}
