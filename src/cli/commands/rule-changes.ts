import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run, wholeNumber } from '../command-line.ts'
import { type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { writeDone, writeId } from '../output/write-done.ts'
import { postIn } from '../post-in.ts'
import { type RuleFields, toRuleRequest, withRuleFields } from './rule-fields.ts'

const post = postIn('/inventory/v1/collector-rule')
const ID = 'id of the rule'

/** Adds what changes rules below the `rules` command. */
export function addRuleChanges(rules: Command, run: Run): void {
  withRuleFields(rules.command('create'))
    .description(
      'Add a rule after the others of a collector, and print its id. It applies from the next run.',
    )
    .argument('<collector>', 'id of the collector, or its name')
    .addHelpText(
      'after',
      example(
        "gleaner rules create AWS --when account=111122223333 --when 'name~=shop' --project project-0123456789ab",
        'gleaner rules create AWS --always --match-project tags.aws.team=name',
      ),
    )
    .action((collector: string, fields: RuleFields, command: Command) =>
      run(command, (ctx) => createRule(ctx, collector, fields)),
    )
  withRuleFields(rules.command('update'))
    .description(
      'Change what is given of a rule. Conditions, and actions, replace those that were there; whether --all or --any must hold stays.',
    )
    .argument('<id>', ID)
    .addHelpText('after', example('gleaner rules update rule-0123456789ab --always'))
    .action((id: string, fields: RuleFields, command: Command) =>
      run(command, (ctx) => updateRule(ctx, id, fields)),
    )
  rules
    .command('reorder')
    .description('Move a rule to another place; those between move up or down.')
    .argument('<id>', ID)
    .argument('<place>', 'its place among the rules of its collector, counted from 1', wholeNumber(1, 10_000))
    .action((id: string, order: number, _options: unknown, command: Command) =>
      run(command, async (ctx) => {
        const answer = await post(ctx, 'change-order', { collector_rule_id: id, order })
        return writeDone(ctx, answer, `${id} is number ${order} now.`)
      }),
    )
  rules
    .command('delete')
    .description('Remove a rule. It applies no more from the next run on.')
    .argument('<id>', ID)
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (ctx) =>
        writeDone(ctx, await post(ctx, 'delete', { collector_rule_id: id }), `Deleted ${id}.`),
      ),
    )
}

async function createRule(ctx: CliContext, idOrName: string, fields: RuleFields): Promise<ExitCode> {
  const { conditions, conditions_policy = 'ALL', ...rest } = toRuleRequest(fields)
  const isAlways = conditions_policy === 'ALWAYS'
  if (conditions === undefined && !isAlways)
    throw new UsageError('when the rule applies is missing: give --when, or --always')
  if (rest.actions === undefined)
    throw new UsageError(
      'what the rule does is missing: give --project, --match-project, --match-account or --add',
    )
  const { collector } = await findCollector(ctx, idOrName)
  const request = { ...rest, ...(isAlways ? {} : { conditions }), conditions_policy }
  return writeId(
    ctx,
    await post(ctx, 'create', { collector_id: collector.id, ...request }),
    'collector_rule_id',
  )
}

async function updateRule(ctx: CliContext, id: string, fields: RuleFields): Promise<ExitCode> {
  const request = toRuleRequest(fields)
  if (Object.keys(request).length === 0) throw new UsageError('nothing to change is given')
  return writeDone(ctx, await post(ctx, 'update', { collector_rule_id: id, ...request }), `Changed ${id}.`)
}
