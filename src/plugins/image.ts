import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { runtimeOf, unknownRuntime } from './runtimes/find-runtime.ts'
import type { Runtime } from './runtimes/runtime.ts'
import type { PluginSettings } from './settings.ts'

const MAX_LENGTH = 2_048
const CODE = 'ERROR_PLUGIN_IMAGE'

/** Stands in an image for the version that is run. */
export const VERSION_PLACE = '{version}'

/** The image of one version. */
export function imageOfVersion(image: string, version: string): string {
  return image.replaceAll(VERSION_PLACE, version)
}

/** What speaks against an image that somebody wants to register. */
export function imageViolations(image: string, allowed: AllowedImages): GleanerError[] {
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
  const problem = allowanceProblem(image, allowed) ?? runtime.findProblem(versionFree(image, runtime.prefix))
  return problem === undefined ? [] : [new InvalidParameter('image', problem, CODE)]
}

/** Which images registered plugins may have, as the server is configured. */
export type AllowedImages = Pick<PluginSettings, 'allowedRuntimes' | 'allowedImages'>

/** Whether this server may run registered plugins of this kind and from there; the reason when not. */
export function allowanceProblem(image: string, allowed: AllowedImages): string | undefined {
  const runtime = runtimeOf(image)
  if (runtime === undefined) return undefined
  return kindProblem(runtime, allowed) ?? originProblem(image, runtime, allowed)
}

function kindProblem({ name }: Runtime, { allowedRuntimes }: AllowedImages): string | undefined {
  if (allowedRuntimes.includes(name)) return undefined
  return `this server does not run registered plugins of the kind ${name}:, only ${allowedRuntimes.join(', ') || 'none at all'}. Its administrator decides by the option allowedRuntimes (GLEANER_ALLOWED_RUNTIMES)`
}

function originProblem(
  image: string,
  { prefix, originOf = (rest) => rest }: Runtime,
  { allowedImages }: AllowedImages,
): string | undefined {
  if (allowedImages.length === 0) return undefined
  const origin = prefix + originOf(image.slice(prefix.length))
  if (allowedImages.some((beginning) => origin.startsWith(beginning))) return undefined
  return `this server runs registered plugins only from ${allowedImages.join(', ')}. Its administrator decides by the option allowedImages (GLEANER_ALLOWED_IMAGES)`
}

// Any version will do to see whether the rest can be understood.
function versionFree(image: string, prefix: string): string {
  return imageOfVersion(image, '1').slice(prefix.length)
}
