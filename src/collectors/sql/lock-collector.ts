import type { JsonObject } from '@bufbuild/protobuf'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { asId } from '../../core/ids.ts'
import type { Transaction } from '../../storage/index.ts'
import type { Collector, CollectorState, UpgradeMode } from '../collector.ts'

// The first lock of everything that changes a collector's jobs: collector, job, task. NO KEY, so that a row which
// only refers to the collector need not wait.
const LOCK_COLLECTOR = `
select * from collector where domain_id = $1 and collector_id = $2 for no key update`

/** Holds a collector until the transaction ends; throws NotFound. */
export async function lockCollector(
  tx: Transaction,
  key: { readonly domainId: string; readonly collectorId: string },
): Promise<Collector> {
  if (key.collectorId === '') throw new RequiredParameter('collector_id')
  const [row] = await tx.query<CollectorRow>(LOCK_COLLECTOR, [key.domainId, key.collectorId])
  if (row === undefined) throw new NotFound('collector', key.collectorId)
  const { secretId, secretGroupId, secretProvider, serviceAccountId, ...columns } = row
  return {
    ...columns,
    collectorId: asId<'collector'>(row.collectorId),
    selection: { secretId, secretGroupId, provider: secretProvider, serviceAccountId },
  }
}

type CollectorRow = {
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
