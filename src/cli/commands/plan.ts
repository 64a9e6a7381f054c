import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { countOf } from '../output/count.ts'
import { escapeLines } from '../output/escape.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { renderPlan } from '../output/plan-report.ts'
import { type CollectorPlan, toCollectorPlan } from '../plan-shapes.ts'

type PlanOptions = { readonly policy?: boolean; readonly secret?: string }

export function addPlan(program: Command, run: Run): void {
  program
    .command('plan')
    .description(
      'Predict what the next collection takes: calls, time, permissions. Nothing is collected or changed.',
    )
    .argument('<id-or-name>', 'id of the collector, or its name')
    .option('--policy', "print only the policy that grants what is needed, in the provider's format")
    .option('--secret <id>', 'with only this one of the secrets that the collector may use')
    .addHelpText(
      'after',
      `${example("gleaner plan 'AWS'", "gleaner plan 'AWS' --policy > policy.json")}
Exit codes: 0 all of it is predicted; 4 some secrets cannot be planned, or the plugin predicts nothing; 1 none can be
planned, or with --policy there is none.
`,
    )
    .action((idOrName: string, options: PlanOptions, command: Command) =>
      run(command, (ctx) => plan(ctx, idOrName, options)),
    )
}

async function plan(ctx: CliContext, idOrName: string, { policy, secret }: PlanOptions): Promise<ExitCode> {
  const { client, domainId, isJson, notices, out, paint } = ctx
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await client.post('/gleaner/v1/collector-plan/get', {
    domain_id: domainId,
    collector_id: collector.id,
    ...(secret === undefined ? {} : { secret_id: secret }),
  })
  const found = toCollectorPlan(answer.value)
  if (policy) return printPolicies(ctx, found)
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderPlan(found, collector.name, { width: out.size()?.columns, paint }))
  if (!found.predicts && !isJson)
    notices.write(
      escapeLines(`The plugin '${found.pluginId}' predicts nothing; calls and time are not known.\n`),
    )
  return exitCodeOf(found)
}

/**
 * Documents alone, one after the other, so that they can be piped; secrets that need the same give it once.
 */
function printPolicies({ notices, out }: CliContext, found: CollectorPlan): ExitCode {
  const policies = [...new Set(found.secrets.flatMap((secret) => secret.policies).map(prettyJson))]
  if (policies.length === 0) {
    notices.write(escapeLines(`There is no policy: ${whyNone(found)}.\n`))
    return EXIT.failure
  }
  for (const text of policies) out.write(text)
  if (policies.length > 1)
    notices.write(
      `${countOf(policies.length, 'document')}: see the notes of \`gleaner plan\` without --policy.\n`,
    )
  return exitCodeOf(found)
}

function whyNone({ pluginId, predicts, secrets }: CollectorPlan): string {
  if (!predicts) return `the plugin '${pluginId}' predicts nothing`
  const failed = secrets.find(({ errorCode }) => errorCode !== '')
  return failed === undefined
    ? `the plugin '${pluginId}' writes none`
    : `${failed.errorCode}: ${failed.errorMessage}`
}

function exitCodeOf({ predicts, secrets }: CollectorPlan): ExitCode {
  const failed = secrets.filter(({ errorCode }) => errorCode !== '')
  if (!predicts || (failed.length > 0 && failed.length < secrets.length)) return EXIT.incomplete
  return failed.length > 0 ? EXIT.failure : EXIT.success
}
