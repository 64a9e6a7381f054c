import type { JsonObject } from '@bufbuild/protobuf'
import type { PluginConnection } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import type { Workbench } from '../workbench.ts'

const FEATURES = [
  'filter_format',
  'supported_resource_type',
  'supported_features',
  'supported_schedules',
] as const
/** Of the time that a server allows, what is taken for too near to it. */
const SLOW_SHARE = 1 / 12

/** `init` answers in good time, with metadata of the shape that servers read. */
export async function checkInit(
  plugin: PluginConnection,
  { input, limits, signal }: Workbench,
): Promise<readonly Finding[]> {
  const startedAt = performance.now()
  const metadata = await plugin.init(input.options, signal)
  const tookMs = Math.round(performance.now() - startedAt)
  return [shapeOf(metadata), speedOf(tookMs, limits.initTimeoutMs * SLOW_SHARE)]
}

function shapeOf(metadata: JsonObject): Finding {
  const wrong = FEATURES.filter((key) => metadata[key] !== undefined && !Array.isArray(metadata[key]))
  if (wrong.length > 0) {
    return {
      check: 'init',
      verdict: 'failed',
      what: `its metadata has ${wrong.join(', ')} as something else than a list`,
      advice: 'Answer each of them as a list of texts, or leave it out.',
    }
  }
  const named = FEATURES.filter((key) => metadata[key] !== undefined)
  return {
    check: 'init',
    verdict: 'passed',
    what: `it describes itself${named.length > 0 ? `: ${named.join(', ')}` : ''}`,
  }
}

function speedOf(tookMs: number, slowMs: number): Finding {
  const what = `init took ${tookMs} ms`
  if (tookMs < slowMs) return { check: 'deadline of init', verdict: 'passed', what }
  const advice =
    'init only describes the plugin. Ask no provider there: it is called whenever a collector changes.'
  return { check: 'deadline of init', verdict: 'warning', what, advice }
}

/** `verify` accepts what it was given. */
export async function checkVerify(
  plugin: PluginConnection,
  { input, signal }: Workbench,
): Promise<readonly Finding[]> {
  await plugin.verify(input, signal)
  return [{ check: 'verify', verdict: 'passed', what: 'it accepts these options and this secret' }]
}
