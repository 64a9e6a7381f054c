import type { JsonValue } from '@bufbuild/protobuf'

/**
 * A resource as it is stored: one value for each column of its kind, empty ones included, under the column's
 * name. The same shape is a contribution, the folded document and either side of a diff.
 */
export type ResourceDocument = Readonly<Record<string, JsonValue>>

export type ColumnType = 'text' | 'text[]' | 'float8' | 'boolean' | 'jsonb'

/**
 * How contributions meet in a column: `whole` takes the first that is not empty, `provider` does so for each
 * top-level key, `leaf` for each leaf path with arrays taken whole (semantics 1, priority).
 */
export type FoldRule = 'whole' | 'provider' | 'leaf'

export type KindColumn = {
  readonly name: string
  readonly type: ColumnType
  readonly fold: FoldRule
  /** What is stored where nothing is known. */
  readonly empty: JsonValue
  /** The name in the public API, where it differs: match rules and history use it. */
  readonly path?: string
}

export type ResourceKind = {
  readonly name: 'cloud_service' | 'cloud_service_type' | 'region'
  /** The number in contribution.kind. */
  readonly code: 1 | 2 | 3
  readonly table: string
  readonly idColumn: string
  readonly idPrefix: string
  readonly columns: readonly KindColumn[]
  /** The columns of the unique natural key, in the order in which rows are locked and inserted. */
  readonly naturalKey: readonly string[]
  /** Restricts what match rules may find. */
  readonly liveCondition: string
  /**
   * Finds what was deleted and comes back under its id when it is reported again; undefined where deleting
   * leaves nothing behind. Such a kind has the columns `state` and `deleted_at`.
   */
  readonly deletedCondition: string | undefined
  /** Whether changes are kept as change records, and a second, different sighting in one run is an error. */
  readonly hasHistory: boolean
}

export const CLOUD_SERVICE: ResourceKind = {
  name: 'cloud_service',
  code: 1,
  table: 'cloud_service',
  idColumn: 'cloud_service_id',
  idPrefix: 'cloud-svc',
  columns: [
    text('name'),
    text('provider'),
    text('cloud_service_group'),
    text('cloud_service_type'),
    text('account'),
    text('region_code'),
    text('project_id'),
    text('instance_type'),
    { name: 'instance_size', type: 'float8', fold: 'whole', empty: null },
    { name: 'ip_addresses', type: 'text[]', fold: 'whole', empty: [] },
    { ...text('resource_id'), path: 'reference.resource_id' },
    { ...text('external_link'), path: 'reference.external_link' },
    json('tags', 'provider'),
    json('metadata', 'provider'),
    json('data', 'leaf'),
  ],
  naturalKey: ['resource_id', 'provider', 'cloud_service_group', 'cloud_service_type', 'account'],
  liveCondition: "t.state = 'ACTIVE'",
  deletedCondition: "t.state = 'DELETED'",
  hasHistory: true,
}

export const CLOUD_SERVICE_TYPE: ResourceKind = {
  name: 'cloud_service_type',
  code: 2,
  table: 'cloud_service_type',
  idColumn: 'cloud_service_type_id',
  idPrefix: 'cloud-svc-type',
  columns: [
    text('name'),
    text('provider'),
    text('group'),
    text('service_code'),
    { name: 'is_primary', type: 'boolean', fold: 'whole', empty: false },
    { name: 'is_major', type: 'boolean', fold: 'whole', empty: false },
    text('resource_type'),
    json('metadata', 'whole'),
    json('tags', 'whole'),
    { ...json('labels', 'whole'), empty: [] },
  ],
  naturalKey: ['provider', 'group', 'name'],
  liveCondition: 'true',
  deletedCondition: undefined,
  hasHistory: false,
}

export const REGION: ResourceKind = {
  name: 'region',
  code: 3,
  table: 'region',
  idColumn: 'region_id',
  idPrefix: 'region',
  columns: [text('name'), text('region_code'), text('provider'), json('tags', 'whole')],
  naturalKey: ['provider', 'region_code'],
  liveCondition: 'true',
  deletedCondition: undefined,
  hasHistory: false,
}

/**
 * In the order in which a batch writes them: small reference kinds first, so that locks are taken in one
 * order.
 */
export const KINDS = [REGION, CLOUD_SERVICE_TYPE, CLOUD_SERVICE] as const

/** How events name what a resource is: `provider/group/type`, and the provider alone for a region. Pure. */
export function kindPath({ name }: ResourceKind, document: ResourceDocument): string {
  const columns = {
    cloud_service: ['provider', 'cloud_service_group', 'cloud_service_type'],
    cloud_service_type: ['provider', 'group', 'name'],
    region: ['provider'],
  } as const satisfies Record<ResourceKind['name'], readonly string[]>
  return columns[name].map((column) => String(document[column] ?? '')).join('/')
}

/** A document that says nothing: every column at its empty value. */
export function emptyDocument(kind: ResourceKind): ResourceDocument {
  return Object.fromEntries(kind.columns.map(({ name, empty }) => [name, empty]))
}

function text(name: string): KindColumn {
  return { name, type: 'text', fold: 'whole', empty: '' }
}

function json(name: string, fold: FoldRule): KindColumn {
  return { name, type: 'jsonb', fold, empty: {} }
}
