import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { runtimeOf, unknownRuntime } from './runtimes/find-runtime.ts'
import type { RuntimeName } from './runtimes/names.ts'

const MAX_LENGTH = 2_048
const CODE = 'ERROR_PLUGIN_IMAGE'

/** Stands in an image for the version that is run. */
export const VERSION_PLACE = '{version}'

/** The image of one version. */
export function imageOfVersion(image: string, version: string): string {
  return image.replaceAll(VERSION_PLACE, version)
}

/** What speaks against an image that somebody wants to register. */
export function imageViolations(image: string, allowed: readonly RuntimeName[]): GleanerError[] {
  if (image === '') return [new RequiredParameter('image')]
  if (image.length > MAX_LENGTH) {
    return [
      new InvalidParameter(
        'image',
        `it is ${image.length} characters long, at most ${MAX_LENGTH} are stored`,
      ),
    ]
  }
  const runtime = runtimeOf(image)
  if (runtime === undefined) return [new InvalidParameter('image', unknownRuntime(), CODE)]
  const problem =
    runtimeProblem(runtime.name, allowed) ?? runtime.findProblem(versionFree(image, runtime.prefix))
  return problem === undefined ? [] : [new InvalidParameter('image', problem, CODE)]
}

/** Whether this server may run registered plugins of this kind; the reason when not. */
export function runtimeProblem(name: RuntimeName, allowed: readonly RuntimeName[]): string | undefined {
  if (allowed.includes(name)) return undefined
  return `this server does not run registered plugins of the kind ${name}:, only ${allowed.join(', ') || 'none at all'}. Its administrator decides by the option allowedRuntimes (GLEANER_ALLOWED_RUNTIMES)`
}

// Any version will do to see whether the rest can be understood.
function versionFree(image: string, prefix: string): string {
  return imageOfVersion(image, '1').slice(prefix.length)
}
