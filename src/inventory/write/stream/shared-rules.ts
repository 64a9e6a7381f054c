import type { MatchRules } from '../../decode/index.ts'

/** Different rules that are remembered: a plugin sends one for each of its kinds. */
const MAX_KNOWN = 256

/**
 * Gives all resources that come with the same match rules the same object. Each message brings its own, in
 * strings that were cut out of it, so that a list of five names would keep two kilobytes alive until the
 * batch is written.
 */
export class SharedRules {
  readonly #known: MatchRules[] = []

  /** Rules that are the same as these: the first of them that came. */
  share(rules: MatchRules): MatchRules {
    const same = this.#known.find((each) => isSame(each, rules))
    if (same !== undefined) return same
    const own = structuredClone(rules)
    if (this.#known.length < MAX_KNOWN) this.#known.push(own)
    return own
  }
}

function isSame(one: MatchRules, other: MatchRules): boolean {
  return one.length === other.length && one.every((paths, at) => isSameList(paths, other[at] ?? []))
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((path, at) => path === other[at])
}
