export { canonicalHash, toUuid } from './canonical.ts'
export { DecodeError, EXPLANATIONS } from './decode-error.ts'
export { FieldReader } from './field-reader.ts'
export { isJsonObject, type JsonObject, type JsonValue, setKey } from './json.ts'
export { findProblem } from './json-text.ts'
export type { MatchRules } from './match-rules.ts'
export { matchValue, type StoredResource } from './match-value.ts'
export {
  deriveMemoKey,
  MAX_GROUP,
  MEMO_BYTES,
  MEMO_WORDS,
  MemoHasher,
  memoToUuid,
  uuidToMemo,
} from './memo-hash.ts'
export {
  type Common,
  decodeResource,
  normalizeResource,
  readCloudService,
  readCloudServiceType,
  readRegion,
} from './normalize.ts'
export {
  MAX_BYTES,
  type NamedResource,
  type NormalizedError,
  type NormalizedResource,
  type RejectedResource,
} from './normalized-resource.ts'
export { type DecodedResourceInfo, decodeResourceInfo, type ResourceInfo } from './resource-info.ts'
export { createMemoTable, type MemoTable } from './seen-table.ts'
export { encodeSlots, forEachRun } from './slot-codec.ts'
export { assertSlot, MAX_SLOT, SlotSet } from './slot-set.ts'
export { DEFAULT_DECODE_LIMITS, type DecodeLimits, decodeStruct } from './struct-decoder.ts'
