import { kindOf } from '../../../format/kind.ts'
import type { KindCount } from './use-kind-counts.ts'

/** Kinds of one provider, the largest first. */
export type KindGroup = { readonly provider: string; readonly kinds: readonly KindCount[] }

/**
 * The largest kinds by provider, at most so many in all; the chosen one is always among them. Providers in
 * the order of their largest.
 */
export function groupKinds(kinds: readonly KindCount[], most: number, chosen: string): readonly KindGroup[] {
  const groups = new Map<string, KindCount[]>()
  for (const [at, kind] of kinds.entries()) {
    if (at >= most && kindOf(kind) !== chosen) continue
    const group = groups.get(kind.provider) ?? []
    groups.set(kind.provider, [...group, kind])
  }
  return [...groups].map(([provider, those]) => ({ provider, kinds: those }))
}
