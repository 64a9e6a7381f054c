import type { JsonObject } from './json.ts'
import type { MatchRules } from './match-rules.ts'

/** A message of a plugin's stream, understood: one of the things that can be done with it. */
export type NormalizedResource =
  | NormalizedCloudService
  | NormalizedCloudServiceType
  | NormalizedRegion
  | NormalizedError
  | NormalizedFilterCache
  | NormalizedSkip
  | RejectedResource

/** Texts that were absent are empty. */
export type NormalizedCloudService = {
  readonly kind: 'cloud_service'
  readonly provider: string
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
  readonly name: string
  readonly instanceType: string
  readonly instanceSize?: number
  readonly ipAddresses: readonly string[]
  readonly resourceId: string
  readonly externalLink: string
  /** The project that the plugin itself names; without it the secret's project counts. */
  readonly projectId?: string
  readonly data: JsonObject
  readonly metadata: JsonObject
  readonly tags: JsonObject
  readonly matchRules: MatchRules
  /** The plugin sent `options.update_mode`: change what is there, create nothing. */
  readonly updateOnly: boolean
  /** The order of its entries means something: see `ResourceInfo`. */
  readonly hasRepeats?: true
}

export type NormalizedCloudServiceType = {
  readonly kind: 'cloud_service_type'
  readonly name: string
  readonly provider: string
  readonly group: string
  readonly serviceCode: string
  readonly isPrimary: boolean
  readonly isMajor: boolean
  readonly resourceType: string
  readonly metadata: JsonObject
  readonly tags: JsonObject
  readonly labels: readonly string[]
  readonly matchRules: MatchRules
  readonly updateOnly: boolean
  readonly hasRepeats?: true
}

export type NormalizedRegion = {
  readonly kind: 'region'
  readonly name: string
  readonly regionCode: string
  readonly provider: string
  readonly tags: JsonObject
  readonly matchRules: MatchRules
  readonly updateOnly: boolean
  readonly hasRepeats?: true
}

/**
 * What an error or a rejected resource says about itself, as far as it does: the cells whose receipts it
 * withholds.
 */
export type NamedResource = {
  readonly provider?: string
  readonly cloudServiceGroup?: string
  readonly cloudServiceType?: string
  readonly account?: string
  readonly regionCode?: string
  readonly resourceId?: string
}

/** The plugin reports that it could not read something. */
export type NormalizedError = {
  readonly kind: 'error'
  readonly code: string
  /** The plugin's own words, at most 2,000 characters. */
  readonly message: string
  /** What could not be read (`inventory.CloudService` …); empty when the plugin does not say. */
  readonly resourceType: string
  readonly named: NamedResource
  /** For the task's error entry, in the contract's spelling. */
  readonly additional: JsonObject
}

/** Filter values that the plugin wants to be given next time, when `use_cache` is asked for. */
type NormalizedFilterCache = { readonly kind: 'filter_cache'; readonly resource: JsonObject }

type NormalizedSkip = { readonly kind: 'skipped' }

/** A message that cannot be used. Text and additional name fields, types and keys, never a refused value. */
export type RejectedResource = {
  readonly kind: 'rejected'
  readonly code: string
  readonly message: string
  readonly resourceType: string
  readonly named: NamedResource
  readonly additional: JsonObject
}

/**
 * The longest texts that are taken, in bytes of UTF-8. The parts of a natural key add up to less than the
 * 2,704 bytes that a PostgreSQL index entry may have. A name may have 255 characters in the public API: four
 * bytes each.
 */
export const MAX_BYTES = {
  key: 255,
  name: 1020,
  resourceId: 1024,
  link: 8192,
} as const
