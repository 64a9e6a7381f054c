import type { Json } from './sample-document.ts'

export type StageKey = { readonly key: string; readonly name: string; readonly date_format?: string }

export type StageCondition = {
  readonly key: string
  readonly operator: 'eq' | 'not' | 'lt' | 'lte' | 'gt' | 'gte'
  readonly value: Json
}

export type StageField = {
  readonly name: string
  readonly operator: string
  readonly key?: string
  readonly fields?: readonly { readonly key: string; readonly name: string }[]
  readonly conditions?: readonly StageCondition[]
}

export type ProjectField = { readonly key: string; readonly name: string; readonly operator?: string }

/** A stage as callers write it, under the long names. */
export type SampleStage =
  | { readonly unwind: { readonly path: string } }
  | { readonly group: { readonly keys: readonly StageKey[]; readonly fields: readonly StageField[] } }
  | { readonly count: { readonly name: string } }
  | { readonly sort: { readonly keys: readonly { readonly key: string; readonly desc: boolean }[] } }
  | { readonly project: { readonly fields: readonly ProjectField[]; readonly exclude_keys: boolean } }
  | { readonly limit: number }
  | { readonly skip: number }
