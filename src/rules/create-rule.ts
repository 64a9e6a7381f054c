import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { FailedPrecondition, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { projectViolations } from '../identity/index.ts'
import { getEntity } from '../query/index.ts'
import type { Transaction } from '../storage/index.ts'
import { readRule } from './read-rule.ts'
import { type CollectorRuleView, collectorRuleEntity } from './rule-entity.ts'
import { insertRules } from './sql/insert-rules.ts'
import { lockCollectorOfRules } from './sql/lock-collector-of-rules.ts'

/** Each is looked at for each resource that is new or changed. */
const MAX_RULES = 200

type CreateRuleInput = {
  readonly domainId: string
  readonly collectorId: string
  /** What the rule says, in the names of the contract. */
  readonly content: JsonObject
}

/** Adds a rule after the last one that people have written for the collector. */
export async function createRule(ctx: Context, input: CreateRuleInput): Promise<CollectorRuleView> {
  const { domainId, collectorId, content } = input
  const { rule, violations } = readRule(content)
  if (collectorId === '') assertNoViolations([new RequiredParameter('collector_id'), ...violations])
  const id = await ctx.db.transaction(async (tx) => {
    await lockCollectorOfRules(tx, input)
    const projectId = rule.actions.change_project ?? ''
    assertNoViolations([...violations, ...(await projectViolations(tx, { domainId, projectId }))])
    const count = await countCustomRules(tx, input)
    if (count >= MAX_RULES) throw new TooManyRules(collectorId)
    const [first = ''] = await insertRules(tx, {
      domainId,
      collectorId,
      type: 'CUSTOM',
      rules: [rule],
      firstOrder: count + 1,
      at: ctx.now(),
    })
    return first
  })
  ctx.log.info({ domainId, collectorId, collectorRuleId: id }, 'collector rule created')
  return await getEntity(ctx, collectorRuleEntity, { domainId, id })
}

/** How many rules people have written for a collector; they have the places 1 to this. */
export async function countCustomRules(
  tx: Transaction,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*) as count from collector_rule
      where domain_id = $1 and collector_id = $2 and rule_type = 'CUSTOM'`,
    [domainId, collectorId],
  )
  return row?.count ?? 0
}

class TooManyRules extends FailedPrecondition {
  constructor(collectorId: string) {
    const message = `collector '${collectorId}' has ${MAX_RULES} rules already, which is the most. Delete some, or let one look at more`
    super('ERROR_TOO_MANY_RULES', message)
  }
}
