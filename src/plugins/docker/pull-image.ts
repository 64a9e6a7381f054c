import type Docker from 'dockerode'
import { statusOf } from './engine.ts'
import { findRegistry, type RegistrySource } from './find-registry.ts'

type ImageToPull = RegistrySource & {
  readonly repository: string
  readonly tag: string
  readonly signal: AbortSignal
}

/**
 * Sees to it that the engine has an image. One that it has is not asked for again: a tag is a version, and
 * versions stay.
 */
export async function pullImage(engine: Docker, wanted: ImageToPull): Promise<void> {
  try {
    await engine.getImage(`${wanted.repository}:${wanted.tag}`).inspect()
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    await pull(engine, wanted)
  }
}

/** The engine knows no credential of its own: whoever asks it to pull brings one. */
async function pull(engine: Docker, wanted: ImageToPull): Promise<void> {
  const { repository, tag, signal } = wanted
  const registry = await findRegistry(engine, repository, wanted)
  const authconfig = registry?.credential && { ...registry.credential, serveraddress: registry.host }
  const stream = await engine.pull(`${repository}:${tag}`, {
    abortSignal: signal,
    ...(authconfig === undefined ? {} : { authconfig }),
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  engine.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()))
  return promise
}
