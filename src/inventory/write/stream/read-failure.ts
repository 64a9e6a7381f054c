import type { NamedResource, NormalizedError, RejectedResource } from '../../decode/index.ts'
import { CLOUD_SERVICE, type ResourceDocument } from '../../kinds.ts'
import type { PackedResource } from '../../packed-document.ts'
import type { TaskError } from '../../task-error.ts'
import { classifyFailure, type FailureClass } from './failure-class.ts'

/** Something that a run could not read or not store, as far as it says what: it withholds receipts. */
export type ReadFailure = {
  readonly class: FailureClass
  readonly named: NamedResource
  readonly message: string
  /** Ids of resources that it may be: they count as seen. */
  readonly resourceIds: readonly string[]
}

/** What the plugin says it could not read. */
export function failureOfError(error: NormalizedError): ReadFailure {
  const { named, message } = error
  return { class: classifyFailure(message), named, message, resourceIds: [] }
}

/**
 * A message that was refused before anybody looked for its resource; undefined for types and regions, which
 * no cell has.
 */
export function failureOfRejection({
  resourceType,
  named,
  message,
}: RejectedResource): ReadFailure | undefined {
  if (resourceType === 'inventory.CloudServiceType' || resourceType === 'inventory.Region') return undefined
  return { class: 'refused', named, message, resourceIds: [] }
}

/** A resource that was understood and then refused. */
export function failureOfRefusal(
  { kind, columns }: Pick<PackedResource, 'kind' | 'columns'>,
  error: TaskError,
): ReadFailure | undefined {
  if (kind !== CLOUD_SERVICE) return undefined
  const ids = error.additional?.resource_ids
  return {
    class: 'refused',
    named: nameOf(columns),
    message: error.message,
    resourceIds: Array.isArray(ids) ? ids.map(String) : [],
  }
}

function nameOf(columns: ResourceDocument): NamedResource {
  return {
    provider: String(columns.provider ?? ''),
    cloudServiceGroup: String(columns.cloud_service_group ?? ''),
    cloudServiceType: String(columns.cloud_service_type ?? ''),
    account: String(columns.account ?? ''),
    regionCode: String(columns.region_code ?? ''),
    resourceId: String(columns.resource_id ?? ''),
  }
}
