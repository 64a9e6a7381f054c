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
  /** Everything else. Put nothing here that changes by itself, such as counters and free space. */
  readonly data: object
  readonly metadata?: object | undefined
}

export type RegionFields = {
  readonly regionCode: string
  readonly name: string
  readonly tags?: Readonly<Record<string, string>> | undefined
}

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
