import type Docker from 'dockerode'
import type { PluginSettings } from '../settings.ts'

/**
 * Opens the API of a Docker engine: the one of the settings, else the one that `DOCKER_HOST` names, else the
 * local socket. Loaded when it is first needed: its packages take longer to load than the whole server to
 * start.
 */
export async function openEngine({ dockerSocket }: Pick<PluginSettings, 'dockerSocket'>): Promise<Docker> {
  const { default: Engine } = await import('dockerode')
  return dockerSocket === undefined ? new Engine() : new Engine({ socketPath: dockerSocket })
}

/** The HTTP status of a refusal by the engine; undefined when it was not even reached. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}
