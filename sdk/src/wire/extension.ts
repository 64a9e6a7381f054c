import type { ApiCalls } from '../calls/call-meter.ts'
import type { ResourceTypeDeclaration } from '../declaration.ts'
import type { Plan, PlannedApi } from '../plan.ts'
import type { Plugin } from '../plugin.ts'
import type { Redact } from '../redact.ts'
import type { ProgressFields, ScopeFields } from '../resources.ts'
import { ProtoWriter } from './proto-writer.ts'
import { encodeStruct } from './resource-message.ts'

// PluginDescription: name = 1, version = 2, provider = 3, resource_types = 4, options_schema = 5,
// secret_schema = 6, features = 7, declares_scopes = 8, permissions = 9. All but the flag are of the wire
// type for bytes. ResourceType: group = 1, type = 2, ids_are_regional = 3, permissions = 4, data_schema = 5.
// Scope: provider = 1, group = 2, type = 3, account = 4, region_code = 5. Progress: done = 1, total = 2,
// message = 3. Plan: apis = 1, seconds = 2, policies = 3, notes = 4. PlannedApi: api = 1, calls = 2, seconds
// = 3, permissions = 4. ApiCalls: api = 1, predicted = 2, made = 3, throttled = 4, retried = 5, wait_seconds
// = 6.
const bytesTag = (field: number) => (field << 3) | 2
const flagTag = (field: number) => field << 3
const doubleTag = (field: number) => (field << 3) | 1

/** Encodes what a plugin says about itself. Written from the last field to the first, as the writer works. */
export function encodeDescription(plugin: Plugin): Buffer {
  const writer = new ProtoWriter()
  writeTexts(writer, 9, plugin.permissions)
  if (plugin.scopes !== undefined) writer.small(flagTag(8), 1)
  writeTexts(writer, 7, plugin.features)
  writer.raw(bytesTag(6), encodeStruct(plugin.secret))
  writer.raw(bytesTag(5), encodeStruct(plugin.options))
  for (const declared of [...plugin.resourceTypes.values()].toReversed()) {
    writer.raw(bytesTag(4), encodeResourceType(declared))
  }
  writer.text(bytesTag(3), plugin.provider)
  writer.text(bytesTag(2), plugin.version)
  writer.text(bytesTag(1), plugin.name)
  return writer.toBytes()
}

export function encodeScope(
  provider: string,
  { group, type }: ResourceTypeDeclaration,
  scope: ScopeFields,
): Buffer {
  const writer = new ProtoWriter()
  writer.text(bytesTag(5), scope.regionCode ?? '')
  writer.text(bytesTag(4), scope.account ?? '')
  writer.text(bytesTag(3), type)
  writer.text(bytesTag(2), group)
  writer.text(bytesTag(1), provider)
  return writer.toBytes()
}

/**
 * Counts that are no whole numbers from 0 on are left out: a progress is a courtesy and must not end a call.
 */
export function encodeProgress({ done, total = 0, message = '' }: ProgressFields): Buffer {
  const writer = new ProtoWriter()
  writer.text(bytesTag(3), message)
  if (isCount(total)) writer.bytes(countField(2, total))
  if (isCount(done)) writer.bytes(countField(1, done))
  return writer.toBytes()
}

/**
 * Encodes a prediction. Only its notes are words that might hold what a call was refused with, and so a
 * secret.
 */
export function encodePlan({ apis, notes = [], policies = [], seconds = 0 }: Plan, redact: Redact): Buffer {
  const documents = policies.map(encodeStruct)
  const encoded = apis.map(encodePlannedApi)
  const writer = new ProtoWriter()
  writeTexts(writer, 4, notes.map(redact))
  for (const document of documents.toReversed()) writer.raw(bytesTag(3), document)
  writer.double(doubleTag(2), seconds)
  for (const api of encoded.toReversed()) writer.raw(bytesTag(1), api)
  return writer.toBytes()
}

export function encodeForecast(seconds: number): Buffer {
  const writer = new ProtoWriter()
  writer.double(doubleTag(1), seconds)
  return writer.toBytes()
}

export function encodeApiCalls(calls: ApiCalls): Buffer {
  const { api, made, predicted, retried, throttled } = calls
  const writer = new ProtoWriter()
  const { answerSeconds, burst, busySeconds, predictedSeconds, rate, waitSeconds } = calls
  const measures = [waitSeconds, predictedSeconds, busySeconds, answerSeconds, rate, burst]
  for (const [at, measure] of [...measures.entries()].toReversed()) writer.double(doubleTag(at + 6), measure)
  const counts = [predicted, made, throttled, retried]
  for (const [at, count] of [...counts.entries()].toReversed())
    if (isCount(count)) writer.bytes(countField(at + 2, count))
  writer.text(bytesTag(1), api)
  return writer.toBytes()
}

function encodePlannedApi({ api, basis, ...planned }: PlannedApi): Buffer {
  const { calls, permissions = [], seconds = 0 } = planned
  const writer = new ProtoWriter()
  writer.text(bytesTag(5), basis ?? '')
  writeTexts(writer, 4, permissions)
  writer.double(doubleTag(3), seconds)
  if (isCount(calls)) writer.bytes(countField(2, calls))
  writer.text(bytesTag(1), api)
  return writer.toBytes()
}

function encodeResourceType({
  group,
  type,
  idsAreRegional,
  permissions,
  schema,
}: ResourceTypeDeclaration): Buffer {
  const data = schema === undefined ? undefined : encodeStruct(schema)
  const writer = new ProtoWriter()
  if (data !== undefined) writer.raw(bytesTag(5), data)
  writeTexts(writer, 4, permissions ?? [])
  if (idsAreRegional) writer.small(flagTag(3), 1)
  writer.text(bytesTag(2), type)
  writer.text(bytesTag(1), group)
  return writer.toBytes()
}

function writeTexts(writer: ProtoWriter, field: number, texts: readonly string[]): void {
  for (const text of texts.toReversed()) writer.text(bytesTag(field), text)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function countField(field: number, value: number): Uint8Array {
  const bytes = [flagTag(field)]
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Uint8Array.from([...bytes, rest])
}
