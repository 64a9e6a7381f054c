import { DecodeError, type DecodeReason } from './decode-error.ts'
import type { JsonObject } from './json.ts'
import {
  DEFAULT_DECODE_LIMITS,
  type DecodeLimits,
  type StructDecoder,
  structDecoder,
} from './struct-decoder.ts'

/** One message of a plugin's `collect` stream, as `spaceone.api.inventory.plugin.ResourceInfo` has it. */
export type ResourceInfo = {
  /** The number on the wire; `RESOURCE_STATES` names the known ones. */
  readonly state: number
  readonly message: string
  readonly resourceType: string
  readonly matchRules?: JsonObject
  readonly resource?: JsonObject
  readonly options?: JsonObject
  /** A map of it has a key twice, of which the last one counts: the order of its entries means something. */
  readonly hasRepeats?: true
}

/** A message that cannot be decoded: the reason and the place, never what was there. */
export type DecodeFailure = { readonly ok: false; readonly reason: DecodeReason; readonly path: string }

export type DecodedResourceInfo = { readonly ok: true; readonly info: ResourceInfo } | DecodeFailure

/**
 * Decodes one ResourceInfo message. A failure is a value, because one bad message is data: it is counted and
 * kept on the task, and the stream goes on. Bytes in, plain values out: nothing of the result points into
 * `bytes`.
 */
export function decodeResourceInfo(
  bytes: Uint8Array,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): DecodedResourceInfo {
  try {
    return { ok: true, info: structDecoder.decode(bytes, limits, readResourceInfo) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { ok: false, reason: error.reason, path: error.path }
  }
}

type Draft = { -readonly [K in keyof ResourceInfo]: ResourceInfo[K] }

function readResourceInfo(decoder: StructDecoder): ResourceInfo {
  const reader = decoder.reader
  const info: Draft = { state: 0, message: '', resourceType: '' }
  while (reader.pos < reader.end) {
    const tag = reader.tag()
    switch (tag >>> 3) {
      case 1:
        info.state = reader.uint32() | 0
        break
      case 2:
        decoder.enter('message')
        info.message = reader.text()
        decoder.leave()
        break
      case 3:
        decoder.enter('resource_type')
        info.resourceType = reader.text()
        decoder.leave()
        break
      case 4:
        info.matchRules = readField(decoder, 'match_rules', info.matchRules)
        break
      case 6:
        info.resource = readField(decoder, 'resource', info.resource)
        break
      case 7:
        info.options = readField(decoder, 'options', info.options)
        break
      default:
        reader.skip(tag, decoder.groupLevels(OUTER_DEPTH))
    }
  }
  if (decoder.hasRepeats) info.hasRepeats = true
  return info
}

/**
 * The ResourceInfo itself does not count as a level of `maxDepth`, so it is depth 0 and its Structs are depth
 * 1.
 */
const OUTER_DEPTH = 0

function readField(decoder: StructDecoder, name: string, before: JsonObject | undefined): JsonObject {
  const target = before ?? {}
  decoder.enter(name)
  decoder.readStruct(target, OUTER_DEPTH + 1)
  decoder.leave()
  return target
}
