import { newId } from '../../core/ids.ts'
import type { Transaction } from '../../storage/index.ts'
import type { RuleContent, RuleType } from '../rule.ts'

const INSERT_RULE = `
insert into collector_rule (domain_id, collector_rule_id, collector_id, name, rule_type, rule_order, conditions,
                            conditions_policy, actions, options, tags, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

type RulesToInsert = {
  readonly domainId: string
  readonly collectorId: string
  readonly type: RuleType
  readonly rules: readonly RuleContent[]
  /** The place of the first of them. */
  readonly firstOrder: number
  readonly at: Date
}

/** Stores rules one after the other and returns their ids; the caller's transaction holds the collector. */
export async function insertRules(tx: Transaction, input: RulesToInsert): Promise<readonly string[]> {
  const ids: string[] = []
  for (const [at, rule] of input.rules.entries()) {
    const id = newId('collectorRule')
    await tx.query(INSERT_RULE, [
      input.domainId,
      id,
      input.collectorId,
      rule.name,
      input.type,
      input.firstOrder + at,
      JSON.stringify(rule.conditions),
      rule.conditions_policy,
      JSON.stringify(rule.actions),
      JSON.stringify(rule.options),
      JSON.stringify(rule.tags),
      input.at,
    ])
    ids.push(id)
  }
  return ids
}
