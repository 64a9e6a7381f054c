/** How a plugin did in one respect. A warning costs it nothing but speed or comfort. */
export type Verdict = 'passed' | 'warning' | 'failed' | 'skipped'

export type Finding = {
  /** A word or two, such as `cancellation`. */
  readonly check: string
  readonly verdict: Verdict
  /** What was seen, in a sentence. */
  readonly what: string
  /** What the author can do about it. */
  readonly advice?: string
}

export type Report = {
  readonly image: string
  readonly name: string
  readonly version: string
  readonly findings: readonly Finding[]
}

/** Whether nothing failed. */
export function isConformant({ findings }: Report): boolean {
  return findings.every(({ verdict }) => verdict !== 'failed')
}
