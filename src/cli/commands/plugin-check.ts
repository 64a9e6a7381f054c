import type { Command } from 'commander'
import type { Report, Verdict } from '../../plugin-kit/index.ts'
import type { CliContext } from '../cli-context.ts'
import { example, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { prettyJson } from '../output/json.ts'
import type { Style } from '../output/paint.ts'
import { renderTable } from '../output/table.ts'
import type { PluginFlags } from '../plugin-flags.ts'
import { REPLAY_FLAG, withPluginInput } from '../replayed-input.ts'

type CheckFlags = PluginFlags & { readonly replay?: string; readonly messages?: number }

/** Adds `gleaner plugins check`. */
export function addPluginCheck(plugin: Command, run: Run): void {
  plugin
    .command('check')
    .description(
      'Run a plugin, in any language, through all that a server expects of it. Ends with 1 when something fails.',
    )
    .argument('<image>', 'image such as npm:acme-plugin or grpc://127.0.0.1:50051, or the path of a module')
    .option('--options <json>', 'options of the collector, as JSON or @FILE')
    .option('--secret <json>', 'secret data, as JSON or, better, @FILE')
    .option(...REPLAY_FLAG)
    .option(
      '--messages <number>',
      'how many messages memory is watched over, for 20 s at most (default 100,000)',
      wholeNumber(0, 1e9),
    )
    .addHelpText(
      'after',
      example(
        'gleaner plugins check ./plugin.ts --replay url=recordings/api.json',
        'gleaner plugins check docker://acme/plugin:1.0 --secret @secret.json',
      ),
    )
    .action((image: string, flags: CheckFlags, command: Command) =>
      run(command, (ctx) => checkAndReport(ctx, image, flags)),
    )
}

async function checkAndReport(ctx: CliContext, image: string, flags: CheckFlags): Promise<ExitCode> {
  // Loaded here, since no other command needs what runs plugins.
  const { checkPlugin, isConformant } = await import('../../plugin-kit/index.ts')
  const memoryLoad = flags.messages === undefined ? {} : { messages: flags.messages }
  const report = await withPluginInput(flags, (input) =>
    checkPlugin({ image, ...input, memoryLoad, signal: ctx.signal }),
  )
  const isGood = isConformant(report)
  ctx.out.write(ctx.isJson ? prettyJson({ ...report, conformant: isGood }) : render(ctx, report, isGood))
  return isGood ? EXIT.success : EXIT.failure
}

const STYLES: Readonly<Record<Verdict, Style>> = {
  passed: 'green',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
}

function render(
  { out, paint }: CliContext,
  { findings, image, name, version }: Report,
  isGood: boolean,
): string {
  const columns = [
    { heading: 'CHECK', isWhole: true },
    {
      heading: 'VERDICT',
      isWhole: true,
      style: (text: string) => Object.entries(STYLES).find(([key]) => key === text)?.[1],
    },
    { heading: 'WHAT WAS SEEN' },
  ]
  const rows = findings.map(({ check, verdict, what }) => [check, verdict, what])
  const table = renderTable(columns, rows, { width: out.size()?.columns, paint })
  const advised = findings.filter(({ advice, verdict }) => advice !== undefined && verdict !== 'passed')
  const advice = advised
    .map(({ advice: text, check, what }) => `\n${paint('bold', check)}: ${what}\n  ${text}\n`)
    .join('')
  const subject = name === '' ? image : `${name} ${version} (${image})`
  const verdict = isGood ? `${subject} does what a server expects of it.` : `${subject} has to be corrected.`
  return `${table}${advice}\n${paint('bold', verdict)}\n`
}
