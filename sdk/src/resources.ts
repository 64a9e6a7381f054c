/** A resource as an author describes it; the declared type adds provider, group and type. */
export type CloudServiceFields = {
  /** The provider's own id, unique within account and type, and the same in every run. */
  readonly resourceId: string
  readonly name?: string | undefined
  readonly account?: string | undefined
  readonly regionCode?: string | undefined
  readonly instanceType?: string | undefined
  readonly instanceSize?: number | undefined
  readonly ipAddresses?: readonly string[] | undefined
  readonly launchedAt?: Date | string | undefined
  /** Where a person can look at the resource in the provider's own console. */
  readonly externalLink?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Other resources that this one has to do with. They are sent sorted, as `data.relations`. */
  readonly relations?: readonly Relation[] | undefined
  /** Everything else. Put nothing here that changes by itself, such as counters and free space. */
  readonly data: object
  readonly metadata?: object | undefined
}

/** A named arrow to another resource, such as `attached_to`. */
export type Relation = {
  readonly name: string
  /** The other resource's id, as its own `resourceId` has it. */
  readonly resourceId: string
  /** Name of its declared type, where this plugin reports it. */
  readonly type?: string | undefined
}

/** A part of what the plugin can see. Without an account or region it stands for all of them. */
export type ScopeFields<T extends string = string> = {
  readonly type: T
  readonly account?: string | undefined
  readonly regionCode?: string | undefined
}

/** How far a call is, in whatever its author counts. */
export type ProgressFields = {
  readonly done: number
  /** Leave out what is not known. */
  readonly total?: number | undefined
  readonly message?: string | undefined
}

/** A region that is not declared. The first of each code is sent, and later ones are not. */
export type RegionFields = {
  readonly regionCode: string
  readonly name: string
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** Something that could not be read. What is not named counts as unread in all of it. */
export type ErrorFields<T extends string = string> = {
  /** What could not be read; without it the whole plugin counts as unread. */
  readonly type?: T | undefined
  readonly account?: string | undefined
  readonly regionCode?: string | undefined
  /** Only when one known resource could not be read, and the listing itself is complete. */
  readonly resourceId?: string | undefined
  /** Default: the error's own code, or ERROR_COLLECT_RESOURCE. */
  readonly code?: string | undefined
  readonly message?: string | undefined
  /** What was thrown; its message is used unless another is given. */
  readonly error?: unknown
}

/** What `collect` may yield. Build it with the functions of the context. */
export type Yielded =
  | { readonly kind: 'cloud_service'; readonly type: string; readonly fields: CloudServiceFields }
  | { readonly kind: 'region'; readonly fields: RegionFields }
  | { readonly kind: 'error'; readonly fields: ErrorFields }
  | News

/** What says nothing about a resource but about the call. Only hosts with the extension service hear it. */
export type News =
  | { readonly kind: 'opened'; readonly fields: ScopeFields }
  | { readonly kind: 'completed'; readonly fields: ScopeFields }
  | { readonly kind: 'progress'; readonly fields: ProgressFields }
