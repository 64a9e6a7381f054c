import { FailedPrecondition, toError, Unavailable } from '../core/errors.ts'
import { allowanceProblem, imageOfVersion } from './image.ts'
import { runtimeOf } from './runtimes/find-runtime.ts'
import type { ListContext } from './runtimes/runtime.ts'
import { DEFAULT_PLUGIN_SETTINGS, type PluginSettings } from './settings.ts'
import { versionViolations } from './versions.ts'

/** Asks the registries of images which versions there are. */
export type VersionLister = {
  /**
   * How long an answer is believed before a collector that follows the newest version has it asked again,
   * milliseconds.
   */
  readonly maxAgeMs: number
  /** Whether there is somebody to ask for the versions of an image. */
  canList(image: string): boolean
  /**
   * The versions of an image, at least one; throws `VersionsNotListed`, or what speaks against asking at all.
   */
  list(image: string, signal: AbortSignal): Promise<readonly string[]>
}

/** Longest time for one list. */
const TIMEOUT_MS = 30_000

/** More are not stored; the newest are. */
const MAX_VERSIONS = 1_000

/** The reason is the registry's, or why it was not reached. */
export class VersionsNotListed extends Unavailable {
  readonly reason: string
  constructor(image: string, reason: string) {
    super('ERROR_PLUGIN_VERSIONS', `the versions of '${image}' could not be listed: ${reason}`)
    this.reason = reason
  }
}

/** Creates what lists the versions of images, as far as these settings let them run. */
export function createVersionLister(input: {
  readonly dataDir: string
  readonly settings?: Partial<PluginSettings>
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv
}): VersionLister {
  const settings = { ...DEFAULT_PLUGIN_SETTINGS, ...input.settings }
  const context: ListContext = { dataDir: input.dataDir, settings, env: input.env ?? process.env }
  return {
    maxAgeMs: settings.versionsMaxAgeMs,
    canList: (image) => runtimeOf(image)?.listVersions !== undefined,
    async list(image, signal) {
      const runtime = runtimeOf(image)
      const problem = allowanceProblem(image, settings)
      if (problem !== undefined) throw new FailedPrecondition('ERROR_PLUGIN_IMAGE', problem)
      const until = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      const rest = imageOfVersion(image, '').slice(runtime?.prefix.length)
      const listed = await Promise.resolve(runtime?.listVersions?.(rest, context, until)).catch(
        (thrown: unknown) => {
          throw new VersionsNotListed(image, reasonOf(thrown, until, signal))
        },
      )
      const usable = (listed ?? []).filter((version) => versionViolations('version', version).length === 0)
      if (usable.length === 0) throw new VersionsNotListed(image, 'its registry has none')
      return usable.slice(0, MAX_VERSIONS)
    },
  }
}

function reasonOf(thrown: unknown, until: AbortSignal, asked: AbortSignal): string {
  if (asked.aborted) return 'it was canceled'
  return until.aborted ? `there was no answer within ${TIMEOUT_MS / 1_000} s` : toError(thrown).message
}
