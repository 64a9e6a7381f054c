import type { Comparand } from '../value.ts'

/** A path, and where in the request it stands. */
export type Placed = { readonly path: string; readonly place: string }

/** A name that a stage gives to a value, and where in the request it stands. */
export type Named = { readonly name: string; readonly namePlace: string }

export type GroupKey = Named & {
  readonly key: Placed
  readonly dateFormat: string
  readonly formatPlace: string
}

export type Condition = {
  readonly key: Placed
  readonly operator: string
  readonly operatorPlace: string
  readonly comparand: Comparand
}

export type GroupField = Named & {
  readonly operator: string
  readonly operatorPlace: string
  readonly key: Placed
  readonly fields: readonly (Named & { readonly key: Placed })[]
  readonly fieldsPlace: string
  readonly conditions: readonly Condition[]
  readonly conditionsPlace: string
}

/** What a projected field is computed from: a path, a number, or an operator over others. */
export type Expression =
  | { readonly kind: 'path'; readonly key: Placed }
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'call'
      readonly operator: string
      readonly operatorPlace: string
      readonly operands: readonly Expression[]
    }

export type ProjectField = Named & { readonly from: Expression }

export type SortKey = Placed & { readonly desc: boolean }

/** One stage of a pipeline, with its aliases resolved and its place in the request. */
export type Stage =
  | { readonly kind: 'unwind'; readonly path: Placed }
  | { readonly kind: 'group'; readonly keys: readonly GroupKey[]; readonly fields: readonly GroupField[] }
  | ({ readonly kind: 'count' } & Named)
  | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
  | { readonly kind: 'project'; readonly fields: readonly ProjectField[]; readonly excludeKeys: boolean }
  | { readonly kind: 'limit'; readonly rows: number }
  | { readonly kind: 'skip'; readonly rows: number }
