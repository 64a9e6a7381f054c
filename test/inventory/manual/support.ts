import type { JsonObject } from '@bufbuild/protobuf'
import { create, toJson } from '@bufbuild/protobuf'
import { RecordInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/change_history_pb.ts'
import { CloudServiceInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import {
  createCloudService,
  deleteCloudService,
  getCloudService,
  listChangeHistory,
  updateCloudService,
} from '../../../src/inventory/index.ts'
import type { Database } from '../../../src/storage/index.ts'
import { testContext } from '../../query/sample.ts'

/**
 * What a person can do in one domain, the way a test speaks about it. Answers are JSON, as REST shows them.
 */
export function byHand(db: Database, domainId: string) {
  const ctx = { ...testContext(db), now: () => new Date() }
  return {
    ctx,
    /** A bucket with the natural key of `bucket({ id })` of the plugin's side. */
    async create(id: string, given: JsonObject = {}) {
      const view = await createCloudService(ctx, { domainId, given: { ...bucketByHand(id), ...given } })
      return asJson(view)
    },
    async update(cloudServiceId: string, given: JsonObject, release: Partial<Release> = {}) {
      const input = {
        domainId,
        cloudServiceId,
        given,
        releaseProject: false,
        releaseRegion: false,
        ...release,
      }
      return asJson(await updateCloudService(ctx, input))
    },
    async delete(cloudServiceId: string) {
      await deleteCloudService(ctx, { domainId, cloudServiceId })
    },
    async get(cloudServiceId: string) {
      return asJson(await getCloudService(ctx, { domainId, cloudServiceId }))
    },
    /** Oldest first. */
    async history(cloudServiceId: string) {
      const equals = { cloud_service_id: cloudServiceId }
      const { rows } = await listChangeHistory(ctx, { domainId, equals })
      return rows
        .toReversed()
        .map((row) => toJson(RecordInfoSchema, create(RecordInfoSchema, row), JSON_OPTIONS))
    },
  }
}

type Release = { readonly releaseProject: boolean; readonly releaseRegion: boolean }

const JSON_OPTIONS = { useProtoFieldName: true, alwaysEmitImplicit: true } as const

function asJson(view: Awaited<ReturnType<typeof getCloudService>>) {
  const json = toJson(CloudServiceInfoSchema, create(CloudServiceInfoSchema, view), JSON_OPTIONS)
  return json as JsonObject & { cloud_service_id: string }
}

export function bucketByHand(id: string): JsonObject {
  return {
    provider: 'acme',
    cloud_service_group: 'ObjectStore',
    cloud_service_type: 'Bucket',
    account: '40017',
    reference: { resource_id: id },
    data: {},
  }
}
