import type { JsonObject } from '../json.ts'
import { ProtoWriter } from './proto-writer.ts'
import { encodeStruct } from './resource-message.ts'

// PluginInfo: metadata = 1. TasksInfo: tasks = 1. TaskInfo: task_options = 1.
const FIRST_FIELD = 0x0a

export const EMPTY_RESPONSE = Buffer.alloc(0)

export function encodePluginInfo(metadata: JsonObject): Buffer {
  return inFirstField([encodeStruct(metadata)])
}

export function encodeTasksInfo(tasks: readonly JsonObject[]): Buffer {
  return inFirstField(tasks.map((taskOptions) => inFirstField([encodeStruct(taskOptions)])))
}

/** A message whose first field, and only that, holds these messages. */
function inFirstField(messages: readonly Uint8Array[]): Buffer {
  const writer = new ProtoWriter()
  for (const message of messages.toReversed()) writer.raw(FIRST_FIELD, message)
  return writer.toBytes()
}
