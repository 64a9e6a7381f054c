/** A piece of the OpenAPI document. */
export type Json = { readonly [key: string]: unknown }
