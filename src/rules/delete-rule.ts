import type { Context } from '../access/index.ts'
import { lockCustomRule, type RuleKey } from './sql/lock-custom-rule.ts'

const DELETE_RULE = 'delete from collector_rule where domain_id = $1 and collector_rule_id = $2'

const CLOSE_GAP = `
update collector_rule set rule_order = rule_order - 1
 where domain_id = $1 and collector_id = $2 and rule_type = 'CUSTOM' and rule_order > $3`

const WANTED = { code: 'ERROR_NOT_ALLOWED_TO_DELETE_RULE', what: 'deleted' }

/** Removes a rule; what it did is undone by the next complete run of its collector. */
export async function deleteRule(ctx: Context, input: RuleKey): Promise<void> {
  const { domainId, collectorRuleId } = input
  await ctx.db.transaction(async (tx) => {
    const { collectorId, ruleOrder } = await lockCustomRule(tx, input, WANTED)
    await tx.query(DELETE_RULE, [domainId, collectorRuleId])
    await tx.query(CLOSE_GAP, [domainId, collectorId, ruleOrder])
  })
  ctx.log.info({ domainId, collectorRuleId }, 'collector rule deleted')
}
