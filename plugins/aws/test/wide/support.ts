import type { JsonObject } from '@gleaner/sdk'
import type { PluginProcess } from '@gleaner/sdk/testing'
import { onTestFinished } from 'vitest'
import { collectAll } from '../support.ts'
import { type CloudOptions, startCloud } from './emulator/cloud.ts'

export const ACCOUNT = '111122223333'
export const SECRET = { aws_access_key_id: 'AKIAWIDE', aws_secret_access_key: 'needle-4711-needle' }
export const EU = `${ACCOUNT}/eu-central-1`
export const US = `${ACCOUNT}/us-east-1`

/** Options that read these types alone, and nothing else. */
export function optionsFor(url: string, types: readonly string[], more: JsonObject = {}): JsonObject {
  return {
    endpoint: url,
    services: ['cloudcontrol'],
    wide_types: [...types],
    wide_young_types: false,
    wide_cross_check: false,
    ...more,
  }
}

/** A cloud that ends with the test, and how it is collected. */
export async function givenCloud(plugin: PluginProcess, options: CloudOptions = {}) {
  const cloud = await startCloud(options)
  onTestFinished(() => cloud.stop())
  const collect = (types: readonly string[], more: JsonObject = {}, secretData: JsonObject = SECRET) =>
    collectAll(plugin, { secretData, options: optionsFor(cloud.url, types, more) })
  const put = (
    place: string,
    type: string,
    identifier: string,
    properties: JsonObject,
    listed?: readonly string[],
  ) => cloud.estate.put(place, `AWS::${type}`, { identifier, properties, listed })
  const callsOf = (action: string) => cloud.calls.filter((call) => call.action === action).length
  return { ...cloud, collect, put, callsOf }
}

export type Collected = Awaited<ReturnType<typeof collectAll>>

/** What was found, in an order that does not depend on which list was quicker. */
export function namesOf({ services }: Collected): readonly string[] {
  return services
    .map((each) => `${each.region_code} ${each.cloud_service_group}/${each.cloud_service_type} ${each.name}`)
    .sort()
}
