import type { KindNames } from '../../../format/kind.ts'

/** What a list shows of a resource. */
export type ResourceRow = KindNames & {
  readonly cloud_service_id: string
  readonly name: string
  readonly state: string
  readonly account: string
  readonly region_code: string
  readonly created_at: string
  readonly updated_at: string
}

/** Everything that is known of a resource. */
export type Resource = ResourceRow & {
  readonly instance_type: string
  readonly instance_size: number
  readonly ip_addresses: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly tags: Readonly<Record<string, unknown>>
  readonly reference: { readonly resource_id: string; readonly external_link: string }
  readonly project_id: string
  readonly deleted_at: string
  readonly collection_info: readonly {
    readonly collector_id: string
    readonly secret_id: string
    readonly last_collected_at: string
  }[]
}

/** A condition of the query language, as the search box compiles to it. */
export type Filter = { readonly key: string; readonly value: unknown; readonly operator: string }

/** What a search text means, in the long form of the query language. */
export type CompiledSearch = {
  readonly filter: readonly Filter[]
  readonly filter_or: readonly Filter[]
  readonly keyword: string
}

export const ROW_FIELDS = [
  'cloud_service_id',
  'name',
  'provider',
  'cloud_service_group',
  'cloud_service_type',
  'region_code',
  'account',
  'state',
  'created_at',
  'updated_at',
] as const
