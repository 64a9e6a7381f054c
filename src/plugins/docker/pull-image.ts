import type Docker from 'dockerode'
import { statusOf } from './engine.ts'

/** Sees to it that the engine has an image. One that it has is not asked for again: a tag is a version, and versions stay. */
export async function pullImage(engine: Docker, image: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.getImage(image).inspect()
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    await pull(engine, image, signal)
  }
}

async function pull(engine: Docker, image: string, signal: AbortSignal): Promise<void> {
  const stream = await engine.pull(image, { abortSignal: signal })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  engine.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()))
  return promise
}
