/** What a new job does while others of its collector are open. */
export const OVERLAP_POLICIES = ['PARALLEL', 'SKIP', 'QUEUE', 'REPLACE'] as const
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number]

/**
 * Jobs of one collector that may be open at once, whatever its policy. A schedule that is faster than its
 * jobs would otherwise pile them up without end.
 */
export const MAX_OPEN_JOBS = 100

/** What becomes of a new job. */
type OverlapDecision =
  | { readonly kind: 'start' }
  /** It is stored and held back until the jobs before it have ended. */
  | { readonly kind: 'hold' }
  /** It starts, and the open ones are canceled. */
  | { readonly kind: 'replace' }
  | { readonly kind: 'skip'; readonly because: 'open' | 'too-many' }

/**
 * Decides from the policy and the number of open jobs. PARALLEL lets jobs run side by side as far as they use
 * different secrets: tasks of one (collector, secret) are serial in any case.
 */
export function decideOverlap(policy: OverlapPolicy, openJobs: number): OverlapDecision {
  if (openJobs === 0) return { kind: 'start' }
  if (policy === 'SKIP') return { kind: 'skip', because: 'open' }
  if (policy === 'REPLACE') return { kind: 'replace' }
  if (openJobs >= MAX_OPEN_JOBS) return { kind: 'skip', because: 'too-many' }
  return { kind: policy === 'QUEUE' ? 'hold' : 'start' }
}
