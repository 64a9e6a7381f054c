import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { addNoun } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { inWords, listOf, numberOf, objectOf, textOf } from '../shapes.ts'

export function addRules(program: Command, run: Run): void {
  const rules = addNoun(program, 'rules', 'rule')
    .description('Look at the rules that adjust what collectors report.')
    .addHelpText('after', example('gleaner rules list', "gleaner rules list 'This machine'"))
  rules
    .command('list', { isDefault: true })
    .description('List rules in the order in which they are applied.')
    .argument('[collector]', 'id or name of a collector; without it those of all collectors')
    .action((collector: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => listRules(ctx, collector)),
    )
}

async function listRules(ctx: CliContext, idOrName: string | undefined): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const collector = idOrName === undefined ? undefined : (await findCollector(ctx, idOrName)).collector
  const filter = collector === undefined ? [] : [{ k: 'collector_id', v: collector.id, o: 'eq' }]
  const answer = await client.post('/inventory/v1/collector-rules/list', {
    domain_id: domainId,
    query: { filter },
  })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((rule) => [
    textOf(rule, 'collector_rule_id'),
    textOf(rule, 'name'),
    textOf(rule, 'rule_type'),
    String(numberOf(rule, 'order')),
    conditionsInWords(rule),
    actionsInWords(rule),
  ])
  if (rows.length > 0) out.write(renderTable(COLUMNS, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'rule')}.\n`))
  return EXIT.success
}

const COLUMNS: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'NAME' },
  { heading: 'TYPE', isWhole: true },
  { heading: 'ORDER', isWhole: true },
  { heading: 'WHEN' },
  { heading: 'THEN' },
]

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
