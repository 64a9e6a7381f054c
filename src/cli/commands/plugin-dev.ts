import { watch } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { toError } from '../../core/errors.ts'
import type { Snapshot } from '../../plugin-kit/index.ts'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { escapeText } from '../output/escape.ts'
import type { PluginFlags } from '../plugin-flags.ts'
import { REPLAY_FLAG, withPluginInput } from '../replayed-input.ts'

type DevFlags = PluginFlags & { readonly once?: boolean }

/** Resources shown of a run, and of each kind of difference. */
const MOST_SHOWN = 20

/** An editor that saves writes several times. */
const SETTLE_MS = 100

/** Adds `gleaner plugins dev`. */
export function addPluginDev(plugin: Command, run: Run): void {
  plugin
    .command('dev')
    .description('Run a plugin module, show what it finds, and what differs after every save.')
    .argument('<module>', 'path of the module')
    .option('--options <json>', 'options of the collector, as JSON or @FILE')
    .option('--secret <json>', 'secret data, as JSON or, better, @FILE')
    .option(...REPLAY_FLAG)
    .option('--once', 'run once and end, with 1 when it failed')
    .addHelpText('after', example('gleaner plugins dev plugin.ts --options \'{"count":10}\''))
    .action((module: string, flags: DevFlags, command: Command) =>
      run(command, (ctx) => develop(ctx, module, flags)),
    )
}

async function develop(ctx: CliContext, module: string, flags: DevFlags): Promise<ExitCode> {
  let snapshot = await runOnce(ctx, module, flags, undefined)
  if (flags.once) return snapshot === undefined ? EXIT.failure : EXIT.success
  const folder = dirname(resolve(module))
  const events = watch(folder, { recursive: true, signal: ctx.signal })[Symbol.asyncIterator]()
  // Asked for ahead: the folder is watched from the first question on, and a save during a run is not missed.
  let next = ask(events)
  ctx.notices.write(`Watching ${folder}; Ctrl-C ends.\n`)
  for (;;) {
    const { done, value } = await next
    if (done) return EXIT.success
    next = ask(events)
    const { filename } = value
    if (filename === null || /(^|\/)(node_modules|\.git)(\/|$)/.test(filename)) continue
    await pause(SETTLE_MS)
    snapshot = (await runOnce(ctx, module, flags, snapshot)) ?? snapshot
  }
}

/** A failure is heard by whoever awaits the answer, which nobody does when a run ends the loop. */
function ask<T>(events: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = events.next()
  next.catch(() => {})
  return next
}

async function runOnce(
  ctx: CliContext,
  module: string,
  flags: DevFlags,
  before: Snapshot | undefined,
): Promise<Snapshot | undefined> {
  const { openWorkbench, takeSnapshot } = await import('../../plugin-kit/index.ts')
  try {
    const after = await withPluginInput(flags, async (input) => {
      const bench = await openWorkbench({ image: module, ...input, signal: ctx.signal })
      return await takeSnapshot(bench).finally(() => bench.close())
    })
    ctx.out.write(await render(ctx, before, after))
    return after
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof UsageError) throw error
    ctx.notices.write(`${ctx.paintNotices('red', 'failed:')} ${escapeText(toError(error).message)}\n`)
    return undefined
  }
}

async function render({ paint }: CliContext, before: Snapshot | undefined, after: Snapshot): Promise<string> {
  const { diffSnapshots } = await import('../../plugin-kit/index.ts')
  const head = `${paint('bold', `${after.resources.size} resources`)}, ${after.problems.length} problems\n`
  const problems = listed('!', after.problems)
  if (before === undefined) return head + listed(' ', [...after.resources.keys()]) + problems
  const { added, changed, removed } = diffSnapshots(before, after)
  const same = added.length + changed.length + removed.length === 0
  const lines = listed('+', added) + listed('-', removed) + listed('~', changed)
  return head + (same ? '  nothing differs from the run before\n' : lines) + problems
}

function listed(mark: string, lines: readonly string[]): string {
  const shown = lines.slice(0, MOST_SHOWN).map((line) => `${mark} ${escapeText(line)}\n`)
  const rest = lines.length - shown.length
  return shown.join('') + (rest > 0 ? `${mark} … and ${rest} more\n` : '')
}
