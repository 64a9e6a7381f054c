import type { JsonObject } from '@bufbuild/protobuf'
import type { Id } from '../core/ids.ts'
import type { SecretSelection } from '../secrets/index.ts'

export type CollectorState = 'ENABLED' | 'DISABLED'
export type UpgradeMode = 'AUTO' | 'MANUAL'

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
