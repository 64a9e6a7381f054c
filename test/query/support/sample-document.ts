export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A row of the sample noun as its callers think of it: one nested object. */
export type SampleDocument = {
  readonly sample_id: string
  readonly name: string
  readonly owner: string | null
  readonly state: 'OPEN' | 'CLOSED'
  readonly size: number | null
  readonly big: bigint | null
  readonly ratio: number | null
  readonly is_open: boolean | null
  /** Microseconds and all, as it is stored. */
  readonly seen_at: string | null
  readonly addresses: readonly string[]
  readonly data: Json
  readonly tags: Json
  readonly by_provider: Json
  readonly reference: { readonly external_id: string; readonly options: Json }
  readonly notes: readonly { readonly author: string; readonly stars: number }[]
}

export type Condition = { readonly key: string; readonly operator: string; readonly value: Json }

export type SampleQuery = {
  readonly filter?: readonly Condition[]
  readonly filter_or?: readonly Condition[]
  readonly keyword?: string
  readonly sort?: { readonly keys: readonly { readonly key: string; readonly desc: boolean }[] }
  readonly page?: { readonly start: number; readonly limit: number }
}
