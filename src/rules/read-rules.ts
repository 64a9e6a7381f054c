import type { Context } from '../access/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type CollectorRuleView, collectorRuleEntity } from './rule-entity.ts'
import type { RuleKey } from './sql/lock-custom-rule.ts'

/** Lists rules, in the order in which they are applied unless ordered otherwise. */
export async function listRules(ctx: Context, input: ListInput): Promise<Page<CollectorRuleView>> {
  return await listEntities(ctx, collectorRuleEntity, input)
}

/** Reads one rule; an unknown id is NOT_FOUND. */
export async function getRule(
  ctx: Context,
  { domainId, collectorRuleId, only }: RuleKey & { readonly only?: readonly string[] },
): Promise<CollectorRuleView> {
  if (collectorRuleId === '') throw new RequiredParameter('collector_rule_id')
  return await getEntity(ctx, collectorRuleEntity, { domainId, id: collectorRuleId, ...(only && { only }) })
}
