import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { assertNoViolations } from '../core/violations.ts'
import { projectViolations } from '../identity/index.ts'
import { getEntity } from '../query/index.ts'
import { readRule } from './read-rule.ts'
import { type CollectorRuleView, collectorRuleEntity } from './rule-entity.ts'
import { lockCustomRule, type RuleKey } from './sql/lock-custom-rule.ts'

const UPDATE_RULE = `
update collector_rule
   set name = $3, conditions = $4, conditions_policy = $5, actions = $6, options = $7, tags = $8
 where domain_id = $1 and collector_rule_id = $2`

const WANTED = { code: 'ERROR_NOT_ALLOWED_TO_UPDATE_RULE', what: 'changed' }

/**
 * Changes what a rule says; what is not in `content` stays. A rule that becomes one for all resources loses
 * its conditions.
 */
export async function updateRule(
  ctx: Context,
  input: RuleKey & { readonly content: JsonObject },
): Promise<CollectorRuleView> {
  const { domainId, collectorRuleId, content } = input
  await ctx.db.transaction(async (tx) => {
    const stored = await lockCustomRule(tx, input, WANTED)
    const { rule, violations } = readRule(overlay(stored.content, content))
    const projectId = rule.actions.change_project ?? ''
    assertNoViolations([...violations, ...(await projectViolations(tx, { domainId, projectId }))])
    await tx.query(UPDATE_RULE, [
      domainId,
      collectorRuleId,
      rule.name,
      JSON.stringify(rule.conditions),
      rule.conditions_policy,
      JSON.stringify(rule.actions),
      JSON.stringify(rule.options),
      JSON.stringify(rule.tags),
    ])
  })
  ctx.log.info({ domainId, collectorRuleId }, 'collector rule changed')
  return await getEntity(ctx, collectorRuleEntity, { domainId, id: collectorRuleId })
}

function overlay(stored: JsonObject, content: JsonObject): JsonObject {
  const forAll = content.conditions_policy === 'ALWAYS' && content.conditions === undefined
  return { ...stored, ...(forAll && { conditions: [] }), ...content }
}
