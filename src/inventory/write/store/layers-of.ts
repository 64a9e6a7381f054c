import type { Layer, ManualLayer } from '../../fold.ts'
import type { ResourceDocument } from '../../kinds.ts'
import type { Contribution } from './contributions.ts'

/**
 * What collectors say about a target, ready to be folded. One without a copy was alone until now: what is
 * stored is what it said.
 */
export function toLayers(contributions: readonly Contribution[], stored: ResourceDocument): readonly Layer[] {
  return contributions
    .filter(({ isManual }) => !isManual)
    .map((each) => ({ ...each, document: each.document ?? stored }))
}

/** What was written by hand about a target, if anything was. */
export function manualLayerOf(contributions: readonly Contribution[]): ManualLayer | undefined {
  return contributions.find(({ isManual }) => isManual)?.document ?? undefined
}

/** The copies to be made of what sole contributors said, now that they are not alone any more. */
export function copiesToKeep(contributions: readonly Contribution[], stored: ResourceDocument) {
  return contributions
    .filter(({ document }) => document === null)
    .map((each) => ({ ...each, document: stored }))
}
