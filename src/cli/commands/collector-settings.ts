import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { Answer, JsonObject } from '../client.ts'
import { gather, oneOf, wholeNumber } from '../command-line.ts'
import { UsageError } from '../failures.ts'

/** How the jobs of a collector are run, as the command line says it. */
export type SettingOptions = {
  readonly overlap?: string
  /** Labels, `key=value`; false takes all away. */
  readonly worker?: readonly string[] | false
  readonly parallelTasks?: number
}

/** Adds the options that say how the jobs of a collector are run. */
export function withSettings(command: Command): Command {
  return command
    .option(
      '--overlap <policy>',
      'what a new job does while others are open: parallel, skip, queue or replace',
      oneOf(['PARALLEL', 'SKIP', 'QUEUE', 'REPLACE']),
    )
    .option(
      '--worker <key=value>',
      'run only on workers with this label; may be repeated, and replaces what was said before',
      gatherLabel,
    )
    .option('--no-worker', 'run on any worker')
    .option(
      '--parallel-tasks <n>',
      'how many tasks at once; 0 is no limit of its own',
      wholeNumber(0, 10_000),
    )
}

/** Changes settings of a collector, which are in the fields of the API. */
export function changeSettings(
  { client, domainId }: CliContext,
  collectorId: string,
  settings: JsonObject,
): Promise<Answer> {
  const request = { domain_id: domainId, collector_id: collectorId, ...settings }
  return client.post('/gleaner/v1/collector-settings/update', request)
}

/** The settings of a collector. */
export function readSettings({ client, domainId }: CliContext, collectorId: string): Promise<Answer> {
  const request = { domain_id: domainId, collector_id: collectorId }
  return client.post('/gleaner/v1/collector-settings/get', request)
}

/** The settings that are given, in the fields of the API. Throws `UsageError` for a label that is none. */
export function toSettings({ overlap, worker, parallelTasks }: SettingOptions): JsonObject {
  return {
    ...(overlap === undefined ? {} : { overlap_policy: overlap }),
    ...(worker === undefined ? {} : { worker_selector: toSelector(worker) }),
    ...(parallelTasks === undefined ? {} : { max_parallel_tasks: parallelTasks }),
  }
}

function toSelector(labels: readonly string[] | false): JsonObject {
  if (labels === false) return {}
  return Object.fromEntries(
    labels.map((label) => {
      const at = label.indexOf('=')
      if (at < 1) throw new UsageError(`--worker '${label}' is no label; write key=value`)
      return [label.slice(0, at), label.slice(at + 1)]
    }),
  )
}

// After `--no-worker` a label begins anew.
function gatherLabel(text: string, earlier: readonly string[] | boolean | undefined): readonly string[] {
  return gather(text, typeof earlier === 'object' ? earlier : undefined)
}
