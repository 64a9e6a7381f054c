import type { Sql } from '../storage/index.ts'

/**
 * What can be asked about one noun of the API: its table, its fields and how each is read. Filters, sort,
 * `only`, keyword, validation and the documentation all read this one declaration.
 *
 * `View` is what a read row looks like: the init shape of the noun's message (`MessageInitShape<typeof
 * JobInfoSchema>`). Field names are the contract's; rows carry them in camelCase, as generated messages do.
 */
export type Entity<View extends object> = {
  /** Singular, for messages: `cloud service`. */
  readonly noun: string
  /** Table name. In every SQL expression of the fields it is called `t`, and has a `domain_id`. */
  readonly table: string
  /** The field that, with the domain, is the primary key. */
  readonly key: string
  readonly fields: Readonly<Record<string, Field>>
  /** Fields in which the words of `keyword` are looked for: text, enum or text list. */
  readonly keywords: readonly string[]
  /**
   * Column of `t` that holds the text of all `keywords` in lower case, a line each, when a table keeps one
   * with a trigram index on it. Absent: it is put together from their columns.
   */
  readonly keywordText?: string
  /** Order when the caller asks for none; the key is always added at the end. */
  readonly sort: readonly SortTerm[]
  /** Fields that `minimal` leaves. */
  readonly minimal: readonly string[]
  /**
   * Fields of the list request that must equal, and the path each one means: `plugin_id` →
   * `plugin_info.plugin_id`.
   */
  readonly requestFields: Readonly<Record<string, string>>
  /**
   * True where rows hold documents, and the key is the table's own: a page is found by key before documents
   * are read.
   */
  readonly isWide?: boolean
  /** Rows that are left out unless the caller has a condition on this field. */
  readonly hidden?: { readonly field: string; readonly value: string }
  /** Never set: it carries the type of the rows. */
  readonly view?: View
}

export type SortTerm = { readonly key: string; readonly desc?: boolean }

/** A field of the API, by how it is stored. Build them with the functions of `fields.ts`. */
export type Field = ColumnField | ListField | DocumentField | ObjectField | CollectionField

export type ColumnType = 'text' | 'enum' | 'int' | 'float' | 'bool' | 'timestamp'

/** One value in a column, or derived from columns of the row. */
export type ColumnField = {
  readonly kind: 'column'
  readonly type: ColumnType
  /** SQL expression over `t`. */
  readonly sql: string
  /** True when it can be null: sort then needs to say where nulls go. */
  readonly nullable: boolean
  /** For `enum`: stored name → number of the contract. */
  readonly numbers?: Readonly<Record<string, number>>
}

/** A `text[]` column. */
export type ListField = { readonly kind: 'list'; readonly sql: string }

/** A JSON document; dotted paths lead into it. */
export type DocumentField = {
  readonly kind: 'document'
  readonly sql: string
  /**
   * How many path segments the document's keys take; what follows belongs to the last key, dots included.
   * For maps whose keys may hold dots: 1 in `tags`, 2 in tags by provider, where `*` as
   * the first segment of a condition means any provider. Absent: every dot is a step.
   */
  readonly depth?: number
  /** Turns the stored value into the message's; absent means it is shown as it is. */
  readonly read?: (stored: unknown) => unknown
}

/** Fields under a common name: `reference.resource_id`. */
export type ObjectField = { readonly kind: 'object'; readonly fields: Readonly<Record<string, Field>> }

/**
 * Rows of other tables that belong to a row, shown as a list of objects. Conditions hold when they hold for
 * any of them.
 */
export type CollectionField = {
  readonly kind: 'collection'
  /** What follows `from` in a subquery, with the `where` that ties it to `t`. */
  readonly from: string
  /** Fields of one element that conditions may name; their SQL is over the tables of `from`. */
  readonly fields: Readonly<Record<string, Field>>
  /** Further fields of an element, which can be shown but not compared. */
  readonly shown: readonly string[]
  /** Reads the lists of a page of rows at once, by key. */
  readonly load: (
    sql: Sql,
    domainId: string,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, unknown>>
}
