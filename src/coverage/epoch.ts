import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/**
 * Names what decides what a run can see. `scope` are the options, which say what is wanted: under others, not
 * to be seen means nothing. `means` are plugin version and secret, which say how well it can be read.
 */
export type Epoch = { readonly scope: string; readonly means: string }

export type EpochInputs = {
  readonly pluginId: string
  readonly pluginVersion: string
  readonly options: JsonObject
  /** Version of the secret's content; '' for none. */
  readonly dataVersion: string
}

/** Attempts of one task ran under different epochs. */
export const MIXED_EPOCH = 'mixed'

/**
 * The selection of secrets is not part of it: a claim belongs to one secret, and which others a collector
 * uses changes nothing about what is seen with this one.
 */
export function epochOf({ pluginId, pluginVersion, options, dataVersion }: EpochInputs): Epoch {
  return { scope: digest([pluginId, options]), means: digest([pluginVersion, dataVersion]) }
}

export function epochToText({ scope, means }: Epoch): string {
  return `${scope}.${means}`
}

/** Undefined for what names no epoch: before the first run, and where attempts differed. */
export function epochFromText(text: string): Epoch | undefined {
  const [scope = '', means = ''] = text.split('.')
  return scope === '' || means === '' ? undefined : { scope, means }
}

function digest(value: JsonValue): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16)
}

// The same options in another order are the same options.
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, below]) => [key, sorted(below)])
}
