import type { JsonObject } from '../json.ts'
import { COLLECTOR_SERVICE } from '../server/plugin-services.ts'
import { ProtoReader } from '../wire/proto-reader.ts'
import { eachField, readStruct } from '../wire/read-struct.ts'
import { type CallFailure, callPlugin } from './call-plugin.ts'
import { type CollectInput, encodeInput } from './encode-input.ts'

/** One message of a stream, decoded. `state` is 4 for success and 5 for a failure. */
export type CollectedResource = {
  readonly state: number
  readonly message: string
  readonly resourceType: string
  readonly resource: JsonObject
}

/** What came of one call of `collect`, also when it failed in the end. */
export type CollectResult = {
  readonly resources: readonly CollectedResource[]
  /** The messages as they came, one after the other: equal bytes mean equal runs. */
  readonly bytes: Buffer
  readonly error: CallFailure | undefined
  /** Milliseconds from the call to the first cloud service; undefined when none came. */
  readonly firstServiceMs: number | undefined
}

/** Runs `collect` of the plugin on a port of this machine to its end. A failure is part of the result. */
export async function collectFrom(port: number, input: CollectInput = {}): Promise<CollectResult> {
  const messages: Buffer[] = []
  const startedAtMs = performance.now()
  let firstServiceMs: number | undefined
  const error = await callPlugin(port, `/${COLLECTOR_SERVICE}/collect`, encodeInput(input), (message) => {
    messages.push(message)
    if (firstServiceMs === undefined && isService(message)) firstServiceMs = performance.now() - startedAtMs
  })
  return { resources: messages.map(decodeResource), bytes: Buffer.concat(messages), error, firstServiceMs }
}

function isService(message: Buffer): boolean {
  const { resourceType, state } = decodeResource(message)
  return state === 4 && resourceType === 'inventory.CloudService'
}

function decodeResource(bytes: Uint8Array): CollectedResource {
  const reader = new ProtoReader(bytes)
  const decoded = { state: 0, message: '', resourceType: '', resource: {} }
  eachField(reader, (field, wireType) => {
    if (field === 1) decoded.state = reader.varint()
    else if (field === 2) decoded.message = reader.text()
    else if (field === 3) decoded.resourceType = reader.text()
    else if (field === 6) readStruct(reader.message(), decoded.resource)
    else reader.skip(wireType)
  })
  return decoded
}
