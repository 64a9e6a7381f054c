import { matcherOf } from '@gleaner/sdk'

/** Tells what patterns such as `microsoft.insights/*` mean: `*` stands for anything, and case does not count. */
export function createExcluder(patterns: readonly string[]): (type: string) => boolean {
  const isNamed = matcherOf(patterns.map((pattern) => pattern.toLowerCase()))
  return (type) => isNamed(type.toLowerCase())
}
