import type { JsonObject } from '@bufbuild/protobuf'
import type { Id } from '../core/ids.ts'

export type CollectorState = 'ENABLED' | 'DISABLED'
export type UpgradeMode = 'AUTO' | 'MANUAL'

/** Which secrets a collector may use; '' selects nothing by that selector. */
export type SecretSelection = {
  readonly secretId: string
  readonly secretGroupId: string
  readonly provider: string
  readonly serviceAccountId: string
}

/** A collector as it is stored: a plugin with options and a choice of secrets, in one domain. */
export type Collector = {
  readonly domainId: string
  readonly collectorId: Id<'collector'>
  readonly name: string
  readonly state: CollectorState
  readonly priority: number
  readonly isPublic: boolean
  /** Project of a private collector, '' of a public one. */
  readonly projectId: string
  readonly tags: JsonObject
  readonly provider: string
  readonly capability: JsonObject
  readonly pluginId: string
  readonly pluginVersion: string
  readonly upgradeMode: UpgradeMode
  readonly pluginOptions: JsonObject
  readonly pluginMetadata: JsonObject
  readonly selection: SecretSelection
  readonly createdAt: Date
}
