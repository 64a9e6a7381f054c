import type Docker from 'dockerode'
import { toError } from '../../core/errors.ts'
import { ContainerPlugin } from '../docker/container-plugin.ts'
import { openEngine, statusOf } from '../docker/engine.ts'
import { listImageVersions } from '../docker/list-versions.ts'
import { pullImage } from '../docker/pull-image.ts'
import { type ImageReference, parseReference } from '../docker/reference.ts'
import { removeLeftovers } from '../docker/remove-leftovers.ts'
import { PluginError } from '../plugin-error.ts'
import { UNVERSIONED } from '../versions.ts'
import { badImage, type PluginTarget, type Runtime, type RuntimeContext } from './runtime.ts'

/**
 * `docker://IMAGE:TAG`: a container of a Docker engine. A version of the plugin is a tag of the image;
 * without versions the tag of the image itself is run, `latest` where it has none.
 */
export const dockerRuntime: Runtime = {
  name: 'docker',
  prefix: 'docker://',
  usesRegistry: true,
  runsPrograms: true,
  findProblem(rest) {
    const reference = parseReference(rest)
    return typeof reference === 'string' ? reference : undefined
  },
  async listVersions(rest, { settings, env }, signal) {
    const reference = parseReference(rest)
    if (typeof reference === 'string') return []
    return await listImageVersions({ reference, settings, env, signal })
  },
  async start(target, rest, context, signal) {
    const reference = parseReference(rest)
    if (typeof reference === 'string') throw badImage(target, reference)
    const { repository } = reference
    const tag = tagOf(reference, target.version)
    const image = `${repository}:${tag}`
    const { dataDir, settings, log, env } = context
    try {
      const engine = await openEngine(settings)
      await cleanOnce(engine, context)
      await pullImage(engine, { repository, tag, settings, env, signal })
      return await ContainerPlugin.start(engine, { ...target, image, dataDir, settings, log }, signal)
    } catch (error) {
      throw toPluginError(target, image, error, signal)
    }
  },
}

function tagOf({ tag }: ImageReference, version: string): string {
  const own = tag === '' ? 'latest' : tag
  return version === '' || version === UNVERSIONED ? own : version
}

const cleaned = new WeakSet<RuntimeContext>()

/** Once for each host: a server that was killed could not remove its own. */
async function cleanOnce(engine: Docker, context: RuntimeContext): Promise<void> {
  if (cleaned.has(context)) return
  cleaned.add(context)
  await removeLeftovers(engine, context.dataDir)
}

function toPluginError(
  { pluginId }: PluginTarget,
  image: string,
  error: unknown,
  signal: AbortSignal,
): PluginError {
  const base = { pluginId, during: 'start' }
  if (signal.aborted) {
    const message = 'the start was canceled'
    return new PluginError({
      ...base,
      kind: 'canceled',
      code: 'ERROR_PLUGIN_CANCELED',
      message,
      retryable: true,
    })
  }
  const status = statusOf(error)
  const message = `its image '${image}' could not be run: ${toError(error).message}`
  if (status === 404) {
    return new PluginError({
      ...base,
      kind: 'failed_precondition',
      code: 'ERROR_PLUGIN_IMAGE_NOT_FOUND',
      message,
      retryable: false,
    })
  }
  return new PluginError({
    ...base,
    kind: 'unavailable',
    code: 'ERROR_PLUGIN_START',
    message,
    retryable: true,
  })
}
