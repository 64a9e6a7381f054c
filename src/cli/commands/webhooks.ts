import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun, addReads } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderFacts } from '../output/facts.ts'
import { renderJson } from '../output/json.ts'
import { styleOfStatus } from '../output/paint.ts'
import { type Column, renderTable } from '../output/table.ts'
import { absoluteTime, relativeTime } from '../output/time.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { listOf, numberOf, textOf, textsOf } from '../shapes.ts'
import { addWebhookChanges } from './webhook-changes.ts'

export function addWebhooks(program: Command, run: Run): void {
  const webhooks = addNoun(program, 'webhooks', 'webhook')
    .description('List, show, create, change and delete addresses that events are posted to; and try one.')
    .addHelpText(
      'after',
      example(
        'gleaner webhooks',
        'gleaner webhooks create Deploys https://hooks.example.org/gleaner --type job',
      ),
    )
  addReads(webhooks, run, {
    named: 'id of the webhook',
    lists: 'List the webhooks of the domain, oldest first.',
    list: listWebhooks,
    shows: 'Show one webhook, and what came of its last attempts.',
    show: showWebhook,
  })
  addWebhookChanges(webhooks, run)
}

type Read = Parameters<typeof textOf>[0]

async function listWebhooks(ctx: CliContext): Promise<ExitCode> {
  const answer = await ctx.client.post('/gleaner/v1/webhook/list', { domain_id: ctx.domainId })
  return writeList(ctx, answer, WEBHOOKS)
}

const WEBHOOKS: Listing = {
  noun: 'webhook',
  columns: [
    { heading: 'ID', isWhole: true, of: field('webhook_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'STATE', isWhole: true, style: styleOfStatus, of: stateOf },
    { heading: 'TYPES', of: (row) => textsOf(row, 'types').join(', ') || 'all' },
    { heading: 'ADDRESS', of: field('url') },
    { heading: 'FAILING', of: troubleOf },
  ],
}

async function showWebhook(ctx: CliContext, id: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint, now } = ctx
  const { value, text } = await client.post('/gleaner/v1/webhook/get', {
    domain_id: domainId,
    webhook_id: id,
  })
  if (isJson) {
    out.write(renderJson(text))
    return EXIT.success
  }
  const facts = [
    ['Webhook', textOf(value, 'webhook_id')],
    ['Name', textOf(value, 'name')],
    ['Address', textOf(value, 'url')],
    ['State', stateOf(value)],
    ['Why', textOf(value, 'disabled_reason')],
    ['Types', textsOf(value, 'types').join(', ') || 'all'],
    ['Collector', textOf(value, 'collector_id')],
    ['Kind', textOf(value, 'kind')],
    ['Statuses', textsOf(value, 'statuses').join(', ')],
    ['Failing', troubleOf(value, now())],
    ['Next attempt', textOf(value, 'failing_since') === '' ? '' : textOf(value, 'next_attempt_at')],
    ['Created', absoluteTime(textOf(value, 'created_at'), now())],
  ] as const
  out.write(renderFacts(facts, paint))
  const rows = listOf(value, 'attempts').map((attempt) => [
    relativeTime(textOf(attempt, 'attempted_at'), now()),
    String(numberOf(attempt, 'events')),
    String(numberOf(attempt, 'status') || '-'),
    `${numberOf(attempt, 'took_ms')} ms`,
    textOf(attempt, 'error') || 'ok',
  ])
  if (rows.length > 0) out.write(`\n${renderTable(ATTEMPTS, rows, { width: out.size()?.columns, paint })}`)
  return EXIT.success
}

const ATTEMPTS: readonly Column[] = [
  { heading: 'ATTEMPT', isWhole: true },
  { heading: 'EVENTS', align: 'right', isWhole: true },
  { heading: 'STATUS', align: 'right', isWhole: true },
  { heading: 'TOOK', align: 'right', isWhole: true },
  { heading: 'RESULT' },
]

function stateOf(webhook: Read): string {
  return webhook.enabled === true ? 'ENABLED' : 'DISABLED'
}

function troubleOf(webhook: Read, now: Date): string {
  const failures = numberOf(webhook, 'failures')
  if (failures === 0) return ''
  return `${countOf(failures, 'attempt')}, since ${relativeTime(textOf(webhook, 'failing_since'), now)}`
}
