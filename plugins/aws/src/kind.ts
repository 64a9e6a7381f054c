import type { Relation, ResourceTypeDeclaration } from '@gleaner/sdk'
import type { Api } from './api.ts'
import { iconOf } from './icons.ts'
import type { Place } from './place.ts'
import { toDocument } from './to-document.ts'

/**
 * A kind of resource, as the file of its service declares it. `Item` is what its list holds, `Detail` what is
 * told about one.
 */
export type KindFields<Sdk, Item extends object, Detail extends object> = {
  /** Second level of the inventory's tree; the first is the service's group unless `group` says another. */
  readonly type: string
  readonly group?: string
  readonly isPrimary?: boolean
  readonly isMajor?: boolean
  /** Permissions that listing it takes, the first being that of the list itself. */
  readonly permissions: readonly [string, ...string[]]
  /** The list, page by page. */
  readonly list: (api: Api<Sdk>) => AsyncIterable<readonly Item[]>
  /** The ARN. Undefined for what has none, which is an error: it could not be known again. */
  readonly id: (item: Item, place: Place) => string | undefined
  /** What it takes to ask for each item alone. Undefined when it has gone meanwhile. */
  readonly detail?: (api: Api<Sdk>, item: Item) => Promise<Detail | undefined>
  /**
   * Name, tags, relations and the like. The document itself is `detail`, or the item where there is no
   * detail.
   */
  readonly fields: (detail: Detail, place: Place) => Described
  /**
   * Names in the document that change by themselves or are told elsewhere; a dot leads into objects and
   * lists.
   */
  readonly omit?: readonly string[]
  /** Lists in the document whose order AWS does not promise; they are sorted. */
  readonly unordered?: readonly string[]
}

export type Described = {
  readonly name?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly relations?: readonly Relation[] | undefined
  readonly launchedAt?: Date | undefined
  readonly instanceType?: string | undefined
  readonly instanceSize?: number | undefined
  readonly ipAddresses?: readonly string[] | undefined
  readonly link?: string | undefined
  /** Where it lies, when that is another region than the one that was asked. */
  readonly region?: string | undefined
}

/** A kind without the types of its service. */
export type Kind = {
  readonly declaration: ResourceTypeDeclaration
  readonly permissions: readonly string[]
  /** True when each item costs a call or more beside the list. */
  readonly hasDetail: boolean
  readonly read: (api: Api<unknown>) => AsyncGenerator<readonly Found[]>
}

/** One thing that was listed. */
export type Found = {
  readonly id: string | undefined
  /** Asks for its detail, where there is one. Undefined when it has gone since it was listed. */
  readonly load: () => Promise<Loaded | undefined>
}

export type Loaded = { readonly document: object; readonly described: Described }

/** Erases the types of a kind behind functions that keep them. */
export function toKind<Sdk, Item extends object, Detail extends object>(
  fields: KindFields<Sdk, Item, Detail>,
  service: {
    readonly group: string
    readonly label: string
    readonly serviceCode: string
  },
): Kind {
  const { isMajor = false, isPrimary = false, permissions, type } = fields
  return {
    declaration: {
      group: fields.group ?? service.group,
      type,
      isPrimary,
      isMajor,
      labels: [service.label],
      serviceCode: service.serviceCode,
      tags: { 'spaceone:icon': iconOf(service.label) },
      permissions,
      // An id never moves: what lies in no region lies in `global`, and what is asked about all regions at
      // once is seen in any.
      idsAreRegional: true,
    },
    permissions,
    hasDetail: fields.detail !== undefined,
    read: (api) => readKind(fields, asApiOf<Sdk>(api)),
  }
}

async function* readKind<Sdk, Item extends object, Detail extends object>(
  fields: KindFields<Sdk, Item, Detail>,
  api: Api<Sdk>,
): AsyncGenerator<readonly Found[]> {
  const { detail } = fields
  const toLoaded = (document: Detail): Loaded => ({
    document: toDocument(document, fields),
    described: fields.fields(document, api.place),
  })
  for await (const items of fields.list(api)) {
    yield items.map((item) => ({
      id: fields.id(item, api.place),
      load: async () => {
        const found = detail === undefined ? asDetail<Detail>(item) : await detail(api, item)
        return found && toLoaded(found)
      },
    }))
  }
}

/** Claims that a service's kinds are read with that service's package, as `run-cell.ts` does. */
function asApiOf<Sdk>(api: Api<unknown>): Api<Sdk> {
  return api as Api<Sdk>
}

/** Claims what the default of the type says: without a `detail` function the item is the detail. */
function asDetail<Detail extends object>(item: object): Detail {
  return item as Detail
}
