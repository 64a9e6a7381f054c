import type { JsonObject } from '@bufbuild/protobuf'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import type { RuleType } from '../rule.ts'
import { lockCollectorOfRules } from './lock-collector-of-rules.ts'

type StoredRule = {
  readonly collectorId: string
  readonly ruleType: RuleType
  readonly ruleOrder: number
  /** What the rule says, in the names of the contract. */
  readonly content: JsonObject
}

const GET_RULE = `
select collector_id, rule_type, rule_order,
       jsonb_build_object('name', name, 'conditions', conditions, 'conditions_policy', conditions_policy,
                          'actions', actions, 'options', options, 'tags', tags) as content
  from collector_rule where domain_id = $1 and collector_rule_id = $2`

export type RuleKey = { readonly domainId: string; readonly collectorRuleId: string }

/**
 * Holds the collector of a rule that people may change, and returns the rule as it is then. A MANAGED rule is
 * refused with the code of what was wanted.
 */
export async function lockCustomRule(
  tx: Transaction,
  { domainId, collectorRuleId }: RuleKey,
  wanted: { readonly code: string; readonly what: string },
): Promise<StoredRule> {
  if (collectorRuleId === '') throw new RequiredParameter('collector_rule_id')
  // Which collector to hold is known only from the rule; it is looked at again once it can no longer change.
  const { collectorId } = await getRule(tx, { domainId, collectorRuleId })
  await lockCollectorOfRules(tx, { domainId, collectorId })
  const rule = await getRule(tx, { domainId, collectorRuleId })
  if (rule.ruleType === 'CUSTOM') return rule
  throw new FailedPrecondition(
    wanted.code,
    `collector rule '${collectorRuleId}' comes from the plugin of collector '${collectorId}' and cannot be ${wanted.what}. Write a CUSTOM rule: it is applied after this one, and wins`,
  )
}

async function getRule(tx: Transaction, { domainId, collectorRuleId }: RuleKey): Promise<StoredRule> {
  const [rule] = await tx.query<StoredRule>(GET_RULE, [domainId, collectorRuleId])
  if (rule === undefined) throw new NotFound('collector rule', collectorRuleId)
  return rule
}
