import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { addNoun } from '../nouns.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { inWords, listOf, numberOf, objectOf, textOf } from '../shapes.ts'
import { addRuleChanges } from './rule-changes.ts'

export function addRules(program: Command, run: Run): void {
  const rules = addNoun(program, 'rules', 'rule')
    .description('See, make, change, order and remove the rules that adjust what collectors report.')
    .addHelpText('after', example('gleaner rules list', "gleaner rules list 'This machine'"))
  rules
    .command('list', { isDefault: true })
    .description('List rules in the order in which they are applied.')
    .argument('[collector]', 'id or name of a collector; without it those of all collectors')
    .action((collector: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => listRules(ctx, collector)),
    )
  addRuleChanges(rules, run)
}

async function listRules(ctx: CliContext, idOrName: string | undefined): Promise<ExitCode> {
  const collector = idOrName === undefined ? undefined : (await findCollector(ctx, idOrName)).collector
  const filter = collector === undefined ? [] : [{ k: 'collector_id', v: collector.id, o: 'eq' }]
  const request = { domain_id: ctx.domainId, query: { filter } }
  return writeList(ctx, await ctx.client.post('/inventory/v1/collector-rules/list', request), RULES)
}

const RULES: Listing = {
  noun: 'rule',
  columns: [
    { heading: 'ID', isWhole: true, of: field('collector_rule_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'TYPE', isWhole: true, of: field('rule_type') },
    { heading: 'ORDER', isWhole: true, of: (row) => String(numberOf(row, 'order')) },
    { heading: 'WHEN', of: conditionsInWords },
    { heading: 'THEN', of: actionsInWords },
  ],
}

type Read = Parameters<typeof textOf>[0]

function conditionsInWords(rule: Read): string {
  const policy = textOf(rule, 'conditions_policy')
  if (policy === 'ALWAYS') return 'always'
  const conditions = listOf(rule, 'conditions').map(
    (each) => `${textOf(each, 'key')} ${textOf(each, 'operator')} '${textOf(each, 'value')}'`,
  )
  return conditions.join(policy === 'ANY' ? ' or ' : ' and ')
}

function actionsInWords(rule: Read): string {
  const actions = objectOf(rule, 'actions')
  const project = textOf(actions, 'change_project')
  const info = objectOf(actions, 'add_additional_info')
  return [
    ...(project === '' ? [] : [`project ${project}`]),
    ...MATCHES.flatMap(([field, noun]) => matchInWords(noun, objectOf(actions, field))),
    ...(Object.keys(info).length === 0 ? [] : [`add ${inWords(info)}`]),
  ].join(', ')
}

const MATCHES = [
  ['match_project', 'project'],
  ['match_service_account', 'service account'],
] as const

function matchInWords(noun: string, match: Read): readonly string[] {
  const source = textOf(match, 'source')
  return source === '' ? [] : [`${noun} whose ${textOf(match, 'target')} is ${source}`]
}
