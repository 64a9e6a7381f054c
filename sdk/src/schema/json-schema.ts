import type { JsonObject, JsonValue } from '../json.ts'

/**
 * The part of JSON Schema that options and secrets are declared with. Anything else is refused at
 * declaration.
 */
export type JsonSchema = {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object'
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly (string | number | boolean)[]
  /** Used when the value is absent or null. */
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: JsonSchema
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
}

/** The schema of an object, as options, secrets and data are. */
export type ObjectSchema = JsonSchema & { readonly type: 'object' }

/** The TypeScript type of the values a schema accepts, once its defaults are filled in. */
export type FromSchema<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'number' | 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array' }
          ? readonly (S extends { readonly items: infer I } ? FromSchema<I> : JsonValue)[]
          : S extends { readonly type: 'object'; readonly properties: infer P }
            ? FromProperties<S, P>
            : JsonObject

type FromProperties<S, P> = {
  readonly [K in keyof P as IsPresent<S, P, K> extends true ? K : never]: FromSchema<P[K]>
} & {
  readonly [K in keyof P as IsPresent<S, P, K> extends true ? never : K]?: FromSchema<P[K]>
}

type IsPresent<S, P, K extends keyof P> = P[K] extends { readonly default: unknown }
  ? true
  : S extends { readonly required: readonly (infer R)[] }
    ? K extends R
      ? true
      : false
    : false
