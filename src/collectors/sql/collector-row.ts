import type { JsonObject } from '@bufbuild/protobuf'
import { asId } from '../../core/ids.ts'
import type { Collector, CollectorState, UpgradeMode } from '../collector.ts'

export type CollectorRow = {
  readonly domainId: string
  readonly collectorId: string
  readonly name: string
  readonly state: CollectorState
  readonly priority: number
  readonly isPublic: boolean
  readonly projectId: string
  readonly tags: JsonObject
  readonly provider: string
  readonly capability: JsonObject
  readonly pluginId: string
  readonly pluginVersion: string
  readonly upgradeMode: UpgradeMode
  readonly pluginOptions: JsonObject
  readonly pluginMetadata: JsonObject
  readonly secretId: string
  readonly secretGroupId: string
  readonly secretProvider: string
  readonly serviceAccountId: string
  readonly createdAt: Date
}

/** A row of the table as the collector it stores. */
export function toCollector(row: CollectorRow): Collector {
  const { secretId, secretGroupId, secretProvider, serviceAccountId, ...columns } = row
  return {
    ...columns,
    collectorId: asId<'collector'>(row.collectorId),
    selection: { secretId, secretGroupId, provider: secretProvider, serviceAccountId },
  }
}
