import { type DecodeReason, toPath } from './decode-error.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { DecodeLimits } from './struct-decoder.ts'

export type JsonTextProblem = {
  readonly reason: DecodeReason | 'not_json' | 'not_an_object'
  readonly path: string
}

/** Why a value that is JSON cannot be stored, and where in it. */
type StorageProblem = { readonly reason: DecodeReason; readonly path: string }

type ParsedJsonText =
  | { readonly ok: true; readonly value: JsonObject }
  | ({ readonly ok: false } & JsonTextProblem)

/**
 * Parses the text of an object that later protocol versions send in `json_data` and `json_metadata`, and
 * holds it to the same rules as a Struct from the wire. `JSON.parse` reads a million levels without
 * complaint, and escapes can write what UTF-8 cannot, so the parsed value is walked before anybody else
 * touches it.
 */
export function parseJsonText(text: string, limits: DecodeLimits): ParsedJsonText {
  let value: JsonValue
  try {
    value = claimJson(JSON.parse(text))
  } catch {
    // The engine's message quotes the text, so it is dropped.
    return { ok: false, reason: 'not_json', path: '' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: 'not_an_object', path: '' }
  }
  const problem = findProblem(value, limits)
  return problem === undefined ? { ok: true, value } : { ok: false, ...problem }
}

type Container = JsonObject | JsonValue[]
type Frame = {
  readonly container: Container
  readonly depth: number
  readonly step: string | number
  readonly parent: Frame | undefined
}

/**
 * The first thing in a parsed object that cannot be stored. Walks with a list of its own, so that depth costs
 * no call stack.
 */
export function findProblem(root: JsonObject, limits: DecodeLimits): StorageProblem | undefined {
  const open: Frame[] = [{ container: root, depth: 1, step: '', parent: undefined }]
  let valuesLeft = limits.maxValues
  for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
    if (frame.depth > limits.maxDepth) return { reason: 'too_deep', path: pathOf(frame) }
    const entries: Iterable<[string | number, JsonValue]> = Array.isArray(frame.container)
      ? frame.container.entries()
      : Object.entries(frame.container)
    for (const [step, value] of entries) {
      if (--valuesLeft < 0) return { reason: 'too_many_values', path: pathOf(frame) }
      const keyReason = typeof step === 'string' ? textProblem(step, limits) : undefined
      if (keyReason !== undefined) return { reason: keyReason, path: pathOf(frame) }
      const reason = scalarProblem(value, limits)
      if (reason !== undefined) return { reason, path: pathOf(frame, step) }
      if (typeof value === 'object' && value !== null) {
        open.push({ container: value, depth: frame.depth + 1, step, parent: frame })
      }
    }
  }
  return undefined
}

function scalarProblem(value: JsonValue, limits: DecodeLimits): DecodeReason | undefined {
  if (typeof value === 'string') return textProblem(value, limits)
  // `1e999` is valid JSON and parses to Infinity.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not_finite'
  return undefined
}

function textProblem(text: string, limits: DecodeLimits): DecodeReason | undefined {
  if (text.includes('\0')) return 'nul_character'
  if (!text.isWellFormed()) return 'lone_surrogate'
  const mayBeTooLong = text.length * 3 > limits.maxStringBytes
  return mayBeTooLong && Buffer.byteLength(text) > limits.maxStringBytes ? 'string_too_long' : undefined
}

function pathOf(frame: Frame, last?: string | number): string {
  const steps: (string | number)[] = last === undefined ? [] : [last]
  for (let at: Frame | undefined = frame; at?.parent !== undefined; at = at.parent) steps.unshift(at.step)
  return toPath(steps)
}

/** Claims what the language promises: `JSON.parse` makes nothing but JSON values. */
function claimJson(parsed: unknown): JsonValue {
  return parsed as JsonValue
}
