import type { JsonObject } from '../json.ts'
import { ProtoWriter } from '../wire/proto-writer.ts'
import { encodeStruct } from '../wire/resource-message.ts'

/** What a call of `collect` is given; what is left out is empty. */
export type CollectInput = {
  readonly options?: JsonObject
  readonly secretData?: JsonObject
  readonly filter?: JsonObject
  readonly taskOptions?: JsonObject
}

/**
 * CollectRequest: options = 1, secret_data = 2, filter = 3, task_options = 4; all are sent, as Gleaner does.
 */
export function encodeInput({
  filter = {},
  options = {},
  secretData = {},
  taskOptions = {},
}: CollectInput): Buffer {
  return encodeObjects([options, secretData, filter, taskOptions])
}

/** A message with an object in each of its first fields. */
export function encodeObjects(objects: readonly JsonObject[]): Buffer {
  const writer = new ProtoWriter()
  for (const [index, object] of objects.entries()) writer.raw(((index + 1) << 3) | 2, encodeStruct(object))
  return writer.toBytes()
}
