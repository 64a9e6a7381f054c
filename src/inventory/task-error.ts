import type { JsonObject } from '@bufbuild/protobuf'

/**
 * One entry of a task's `errors`, in the contract's shape. Messages and `additional` name things, never
 * values of documents.
 */
export type TaskError = {
  readonly error_code: string
  readonly message: string
  readonly additional?: JsonObject
}
