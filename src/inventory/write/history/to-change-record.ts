import type { Change } from '../../diff.ts'
import type { ChangeEvidence, ChangeRecord } from './change-records.ts'

/** What became of a resource of which a contributor said something new. */
type PlannedChange = {
  readonly result: 'created' | 'updated' | 'unchanged'
  readonly changes: readonly Change[]
  readonly contribution: { readonly targetId: string }
  /** Paths by which the contributor found it for the first time, though others had spoken of it before. */
  readonly matchRule: readonly string[] | undefined
  readonly ruledBy: Readonly<Record<string, string>> | undefined
  /** The run is the first under another evaluation revision. */
  readonly isReread: boolean
}

/** The record of a change, with the match rule or the collector rules that are behind it. Pure. */
export function toChangeRecord({
  result,
  changes,
  contribution,
  matchRule,
  ruledBy = {},
  isReread,
}: PlannedChange): ChangeRecord {
  const evidence =
    evidenceOf(changes, ruledBy, matchRule) ?? (isReread ? { kind: 'reread' as const } : undefined)
  return {
    targetId: contribution.targetId,
    action: result === 'created' ? 'CREATE' : 'UPDATE',
    changes: result === 'unchanged' ? [] : changes,
    ...(evidence === undefined ? {} : { evidence }),
  }
}

function evidenceOf(
  changes: readonly Change[],
  ruledBy: Readonly<Record<string, string>>,
  matchRule: readonly string[] | undefined,
): ChangeEvidence | undefined {
  const given = Object.entries(ruledBy)
  const found = given.length === 0 ? [] : changes.map((change) => rulesBehind(change, given))
  const rule_ids = [...new Set(found.flat())]
  if (matchRule !== undefined) return { kind: 'merged', match_rule: matchRule, rule_ids }
  if (rule_ids.length === 0) return undefined
  return { kind: 'rule', rule_ids, only: found.every((rules) => rules.length > 0) }
}

/** The rules that gave a value, or a part of it; what is gone was given by none. */
function rulesBehind(
  { p, a }: Change,
  given: readonly (readonly [path: string, ruleId: string])[],
): readonly string[] {
  if (a === undefined) return []
  return given.flatMap(([path, ruleId]) =>
    path === p || path.startsWith(`${p}.`) || p.startsWith(`${path}.`) ? [ruleId] : [],
  )
}
