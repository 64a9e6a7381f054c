import type { JsonObject } from '../json.ts'
import { ProtoReader } from './proto-reader.ts'
import { eachField, readStruct } from './read-struct.ts'

/** What every request of the plugin protocol holds: some of these objects. One that was not sent is empty. */
export type PluginRequest = {
  readonly options: JsonObject
  readonly secretData: JsonObject
  readonly filter: JsonObject
  readonly taskOptions: JsonObject
}

type FieldNames = Readonly<Record<number, keyof PluginRequest>>

/**
 * The field numbers of each request. They are read by hand, because the runtime for generated code takes a third of
 * the time in which a plugin has to start. The tests compare with the generated code.
 */
export const REQUESTS = {
  init: { 1: 'options' },
  verify: { 1: 'options', 2: 'secretData' },
  collect: { 1: 'options', 2: 'secretData', 3: 'filter', 4: 'taskOptions' },
  get_tasks: { 1: 'secretData', 2: 'options' },
  describe: {},
} as const satisfies Record<string, FieldNames>

/** Decodes a request. Throws MalformedMessage. */
export function decodeRequest(names: FieldNames, bytes: Uint8Array): PluginRequest {
  const request: PluginRequest = { options: {}, secretData: {}, filter: {}, taskOptions: {} }
  const reader = new ProtoReader(bytes)
  eachField(reader, (field, wireType) => {
    const name = names[field]
    if (name === undefined || wireType !== 2) reader.skip(wireType)
    else readStruct(reader.message(), request[name])
  })
  return request
}
