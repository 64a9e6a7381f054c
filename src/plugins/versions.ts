import { type GleanerError, InvalidParameter } from '../core/errors.ts'

/** The one version of a plugin that was registered without any: whatever answers. */
export const UNVERSIONED = 'latest'

const MAX_LENGTH = 255
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/

/**
 * What speaks against a version. It may become part of a path or an address, so that its characters are few.
 */
export function versionViolations(key: string, version: string): GleanerError[] {
  if (version.length <= MAX_LENGTH && VERSION.test(version)) return []
  const reason = `a version has 1 to ${MAX_LENGTH} letters, digits, dots, dashes, underscores and plus signs, and begins with a letter or digit`
  return [new InvalidParameter(key, reason)]
}

/** The versions of a plugin, newest first. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  return [...versions].sort((one, other) => compareVersions(other, one))
}

const BEFORE_RELEASE =
  /(?<![a-z])(?:a|b|alpha|beta|rc|pre|preview|dev|snapshot|nightly|canary|next|edge)(?![a-z])/i

/**
 * The versions that a registry lists, newest first, but what comes before a release after all releases:
 * nobody decided to offer it to collectors that follow the newest.
 */
export function releasesFirst(versions: readonly string[]): readonly string[] {
  const ordered = newestFirst(versions)
  const early = new Set(ordered.filter((version) => BEFORE_RELEASE.test(version)))
  return [...ordered.filter((version) => !early.has(version)), ...early]
}

/**
 * Orders versions part by part: numbers by value, texts by their letters, and a text is older than nothing,
 * as `1.0.0-rc1` is older than `1.0.0`. What does not begin with a number is older than what does. Build
 * numbers after the third part are compared like any other part.
 */
export function compareVersions(one: string, other: string): number {
  const left = partsOf(one)
  const right = partsOf(other)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = compareParts(left[at], right[at])
    if (order !== 0) return order
  }
  return one < other ? -1 : Number(one > other)
}

function partsOf(version: string): (number | string)[] {
  return (version.match(/\d+|[A-Za-z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part))
}

// text < end < number
function compareParts(one: number | string | undefined, other: number | string | undefined): number {
  if (one === other) return 0
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : 1
  return rankOf(one) - rankOf(other)
}

function rankOf(part: number | string | undefined): number {
  if (typeof part === 'string') return 0
  return part === undefined ? 1 : 2
}
