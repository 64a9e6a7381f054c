import type { Context } from '../access/index.ts'
import { InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { countCustomRules } from './create-rule.ts'
import { type CollectorRuleView, collectorRuleEntity } from './rule-entity.ts'
import { lockCustomRule, type RuleKey } from './sql/lock-custom-rule.ts'

// Everything between the old place and the new one moves by one towards the gap.
const MOVE_RULE = `
update collector_rule
   set rule_order = case when rule_order = $3 then $4 when $3 < $4 then rule_order - 1 else rule_order + 1 end
 where domain_id = $1 and collector_id = $2 and rule_type = 'CUSTOM'
   and rule_order between least($3::int, $4::int) and greatest($3::int, $4::int)`

const WANTED = { code: 'ERROR_NOT_ALLOWED_TO_CHANGE_ORDER', what: 'moved' }

/** Moves a rule to another place among those that people have written for its collector. */
export async function changeRuleOrder(
  ctx: Context,
  input: RuleKey & { readonly order: number },
): Promise<CollectorRuleView> {
  const { domainId, collectorRuleId, order } = input
  assertNoViolations([
    ...(collectorRuleId === '' ? [new RequiredParameter('collector_rule_id')] : []),
    ...(order === 0 ? [new RequiredParameter('order')] : []),
  ])
  await ctx.db.transaction(async (tx) => {
    const { collectorId, ruleOrder } = await lockCustomRule(tx, input, WANTED)
    const last = await countCustomRules(tx, { domainId, collectorId })
    if (order < 1 || order > last) {
      throw new InvalidParameter('order', `${order} is no place among the ${last} rules; the first is 1`)
    }
    if (order !== ruleOrder) await tx.query(MOVE_RULE, [domainId, collectorId, ruleOrder, order])
  })
  ctx.log.info({ domainId, collectorRuleId, order }, 'collector rule moved')
  return await getEntity(ctx, collectorRuleEntity, { domainId, id: collectorRuleId })
}
