/**
 * Why something is missing from what was read.
 * - denied: the credentials may not read it.
 * - throttled: the provider asked to be called less.
 * - unsupported: it does not exist there, or is not enabled.
 * - timeout: no answer in time.
 * - partial: a part was read, the rest not.
 * - refused: it was read, and could not be stored.
 * - failed: anything else.
 */
export const FAILURE_CLASSES = [
  'denied',
  'throttled',
  'unsupported',
  'timeout',
  'partial',
  'refused',
  'failed',
] as const
export type FailureClass = (typeof FAILURE_CLASSES)[number]

// In this order, because providers say "request limit exceeded" of a throttled call and "timeout" of little
// else.
const SIGNS: readonly (readonly [FailureClass, RegExp])[] = [
  ['throttled', /throttl|rate.?limit|request.?limit|too.?many.?requests|slow.?down|quota.?exceeded|\b429\b/i],
  [
    'denied',
    /denied|forbidden|unauthori[sz]ed|not.?authori[sz]ed|authenticat|permission|credential|expired.?token|token.?expired|\b40[13]\b/i,
  ],
  [
    'unsupported',
    /unsupported|not.?supported|not.?available.in|opt.?in.?required|not.?enabled|disabled|\b501\b/i,
  ],
  ['timeout', /time.?out|timed.out|deadline|\b504\b/i],
  ['partial', /truncat|incomplete|partial|next.?token|page.?token|continue.?token|pagination|\b410\b/i],
]

/**
 * Reads from a plugin's own words why it could not read something. A guess for people; nothing is decided by
 * it.
 */
export function classifyFailure(message: string): FailureClass {
  return SIGNS.find(([, sign]) => sign.test(message))?.[0] ?? 'failed'
}
