import { isDeepStrictEqual } from 'node:util'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { Logger } from '../access/index.ts'
import type { Transaction } from '../storage/index.ts'
import { type ReadRule, readRule } from './read-rule.ts'
import type { RuleContent } from './rule.ts'
import { insertRules } from './sql/insert-rules.ts'

const MANAGED_RULES = `
select jsonb_build_object('name', name, 'conditions', conditions, 'conditions_policy', conditions_policy,
                          'actions', actions, 'options', options, 'tags', tags) as content
  from collector_rule
 where domain_id = $1 and collector_id = $2 and rule_type = 'MANAGED' order by rule_order`

const DELETE_MANAGED = `
delete from collector_rule where domain_id = $1 and collector_id = $2 and rule_type = 'MANAGED'`

/** More rules of a plugin than this are not taken. */
const MAX_RULES = 200

type ManagedRulesInput = {
  readonly domainId: string
  readonly collectorId: string
  /** What the plugin says of itself; its rules are in `collector_rules`. */
  readonly metadata: JsonObject
  readonly at: Date
}

/**
 * Puts the rules of a plugin in the place of those it had before; the caller's transaction holds the
 * collector. Rules that stay the same keep their ids. One that cannot be understood is left out and logged: a
 * plugin's mistake must not keep its collector from working.
 */
export async function replaceManagedRules(
  tx: Transaction,
  log: Logger,
  { domainId, collectorId, metadata, at }: ManagedRulesInput,
): Promise<void> {
  const rules = usableRules(log, collectorId, metadata.collector_rules)
  const stored = await tx.query<{ content: RuleContent }>(MANAGED_RULES, [domainId, collectorId])
  if (
    isDeepStrictEqual(
      stored.map(({ content }) => content),
      rules,
    )
  )
    return
  await tx.query(DELETE_MANAGED, [domainId, collectorId])
  await insertRules(tx, { domainId, collectorId, type: 'MANAGED', rules, firstOrder: 1, at })
}

function usableRules(log: Logger, collectorId: string, value: JsonValue | undefined): readonly RuleContent[] {
  const list = Array.isArray(value) ? value.slice(0, MAX_RULES) : []
  const read = list.map((item) =>
    readRule(typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {}),
  )
  for (const [at, { violations }] of read.entries()) {
    if (violations.length === 0) continue
    const problem = violations.map(({ message }) => message).join('; ')
    log.warn({ collectorId, rule: at, problem }, 'a rule of the plugin cannot be used and was left out')
  }
  return read.filter(({ violations }: ReadRule) => violations.length === 0).map(({ rule }) => rule)
}
