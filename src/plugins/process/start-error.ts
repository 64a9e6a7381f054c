import { PluginError } from '../plugin-error.ts'
import { describeEnding, type PluginEnding } from '../running-plugin.ts'
import type { ProcessSpec } from './process-spec.ts'
import { explainSpawnError } from './spawn-plugin.ts'

type FailedStart = {
  readonly spawnError?: NodeJS.ErrnoException | undefined
  /** What was wrong with it while it ran. */
  readonly problem?: string | undefined
  readonly ending?: PluginEnding | undefined
  readonly lastLogLines: readonly string[]
  /** The host stopped waiting. */
  readonly wasCanceled: boolean
}

/** The error for a process that did not become ready, with the last that it said. */
export function toStartError(spec: ProcessSpec, failed: FailedStart): PluginError {
  const base = { pluginId: spec.pluginId, during: 'start', retryable: true }
  if (failed.wasCanceled && failed.problem === undefined) {
    const message = 'the start was canceled'
    return new PluginError({ ...base, kind: 'canceled', code: 'ERROR_PLUGIN_CANCELED', message })
  }
  const code = failed.ending?.rssMb === undefined ? 'ERROR_PLUGIN_START' : 'ERROR_PLUGIN_MEMORY'
  const message = `version ${spec.version} could not be started: ${explain(spec, failed)}`
  return new PluginError({ ...base, kind: 'unavailable', code, message })
}

function explain(spec: ProcessSpec, { spawnError, problem, ending, lastLogLines }: FailedStart): string {
  if (spawnError !== undefined) return explainSpawnError(spawnError, spec)
  const what = problem ?? (ending === undefined ? 'it vanished' : `it ${describeEnding(ending)}`)
  if (lastLogLines.length === 0) return `${what}; it logged nothing`
  return `${what}; the last it logged: ${lastLogLines.join(' | ')}`
}
