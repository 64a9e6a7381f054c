/** A list that may not be asked for. */
export type Denial = {
  readonly action: string
  /** What forbids it, in words; undefined where a permission is missing. */
  readonly policy: string | undefined
}

/**
 * Policies that only narrow what others allow: where they do not allow something, no permission of one's own
 * helps.
 */
const NARROWING =
  /service control policy|resource control policy|permissions boundary|session policy|VPC endpoint policy/i
const GRANTING = /identity-based policy|resource-based policy/i

/**
 * What kind of policy forbids something, as AWS says it; undefined where it says none, and a permission is
 * missing.
 */
export function policyIn(message: string): string | undefined {
  const narrowing = NARROWING.exec(message)?.[0]
  if (!/explicit deny/i.test(message)) return narrowing === undefined ? undefined : withArticle(narrowing)
  const kind = narrowing ?? GRANTING.exec(message)?.[0] ?? 'policy'
  return `an explicit deny in ${withArticle(kind)}`
}

/**
 * What somebody may not, in sentences: first what a permission would open, then what a policy forbids, which
 * no permission opens.
 */
export function describeDenials(identity: string, denials: readonly Denial[]): readonly string[] {
  const sentences: string[] = []
  const byPolicy = Map.groupBy(denials, ({ policy = '' }) => policy)
  for (const [policy, denied] of [...byPolicy].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const actions = [...new Set(denied.map(({ action }) => action))].toSorted().join(', ')
    sentences.push(
      policy === '' ? `${identity} may not ${actions}` : `${policy} forbids ${identity} ${actions}`,
    )
  }
  return sentences
}

function withArticle(kind: string): string {
  return `${/^[aeio]/i.test(kind) ? 'an' : 'a'} ${kind}`
}
