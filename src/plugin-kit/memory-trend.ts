/** What a plugin needed when that many messages had passed. */
export type MemorySample = { readonly messages: number; readonly mib: number }

export type MemoryTrend = {
  /** MiB by which it grows with every 1,000 messages. */
  readonly slope: number
  /** MiB by which it grew in all, as the slope has it. */
  readonly growth: number
  /** Of all pairs of looks, the share in which the later one found more. */
  readonly steadiness: number
}

/** The first looks say little: caches fill, and a garbage collector finds its size. */
const WARM_UP = 1 / 3

/**
 * Growth as the median of the slopes between all pairs, which a few looks before or after a collection of
 * garbage do not move.
 */
export function trendOf(samples: readonly MemorySample[]): MemoryTrend {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP))
  const slopes: number[] = []
  let grown = 0
  for (const [index, early] of warm.entries()) {
    for (const late of warm.slice(index + 1)) {
      slopes.push((late.mib - early.mib) / Math.max(1, late.messages - early.messages))
      if (late.mib > early.mib) grown++
    }
  }
  const perMessage = slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0
  const passed = (warm.at(-1)?.messages ?? 0) - (warm[0]?.messages ?? 0)
  return {
    slope: perMessage * 1_000,
    growth: perMessage * passed,
    steadiness: slopes.length === 0 ? 0 : grown / slopes.length,
  }
}
