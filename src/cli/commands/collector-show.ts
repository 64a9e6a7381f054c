import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderFacts } from '../output/facts.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { absoluteTime } from '../output/time.ts'
import { inWords, numberOf, objectOf, textOf } from '../shapes.ts'
import { readSettings } from './collector-settings.ts'

/** Shows one collector. */
export async function showCollector(ctx: CliContext, idOrName: string): Promise<ExitCode> {
  const { isJson, out, paint } = ctx
  const { collector, answer } = await findCollector(ctx, idOrName)
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const settings = (await readSettings(ctx, collector.id)).value
  const labels = Object.entries(objectOf(settings, 'worker_selector'))
  out.write(
    renderFacts(
      [
        ['Collector', collector.id],
        ['Name', collector.name],
        ['State', collector.state],
        ['Provider', collector.provider],
        ['Plugin', `${collector.pluginId} ${collector.pluginVersion}`.trim()],
        ['Priority', String(collector.priority)],
        ['Overlap', textOf(settings, 'overlap_policy')],
        ['Workers', labels.map(([key, value]) => `${key}=${inWords(value)}`).join(', ') || 'any'],
        ['Tasks at once', String(numberOf(settings, 'max_parallel_tasks') || 'no limit')],
        ['Created', absoluteTime(collector.createdAt, ctx.now())],
        ['Last collected', absoluteTime(collector.lastCollectedAt, ctx.now()) || 'never'],
      ],
      paint,
    ),
  )
  const options = objectOf(objectOf(answer.value, 'plugin_info'), 'options')
  if (Object.keys(options).length > 0) out.write(`\n${paint('bold', 'Options')}\n${prettyJson(options)}`)
  return EXIT.success
}
