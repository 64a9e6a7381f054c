import { readFile } from 'node:fs/promises'
import { getCACertificates } from 'node:tls'
import type Docker from 'dockerode'
import { toError } from '../../core/errors.ts'
import type { PluginSettings } from '../settings.ts'
import { newestFirst, versionViolations } from '../versions.ts'
import { openEngine } from './engine.ts'
import { findRegistry } from './find-registry.ts'
import type { ImageReference } from './reference.ts'
import { listTags } from './registry/list-tags.ts'

type ListInput = {
  readonly reference: ImageReference
  readonly settings: Pick<PluginSettings, 'dockerSocket' | 'dockerConfig' | 'caFile'>
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/**
 * The tags of an image that can be run, newest first: those of its registry, or where that cannot be asked
 * those that the engine has. An image with a tag of its own has that one version. Throws an error that says
 * what the registry answered.
 */
export async function listImageVersions(input: ListInput): Promise<readonly string[]> {
  const { reference, settings } = input
  if (reference.tag !== '') return [reference.tag]
  const engine = await openEngine(settings)
  try {
    return runnable(await listRemoteTags(engine, input))
  } catch (error) {
    const local = await listLocalTags(engine, reference).catch(() => [])
    if (local.length === 0) throw error
    return runnable(local)
  }
}

async function listRemoteTags(engine: Docker, input: ListInput): Promise<readonly string[]> {
  const { reference, settings, signal } = input
  const registry = await findRegistry(engine, reference.repository, input)
  if (registry === undefined) {
    throw new Error('the image names no registry, and no Docker engine says which it would use')
  }
  const more = settings.caFile === undefined ? [] : [await readFile(settings.caFile, 'utf8')]
  const ca = [...getCACertificates('default'), ...more]
  const { credential, host, name, origin } = registry
  try {
    return await listTags({ origin, name, credential, ca, signal })
  } catch (error) {
    throw new Error(`registry ${host}: ${toError(error).message}`, { cause: error })
  }
}

async function listLocalTags(engine: Docker, { repository }: ImageReference): Promise<readonly string[]> {
  const images = await engine.listImages({ filters: { reference: [repository] } })
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? [])
  return tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1))
}

/** Tags that name a digest hold signatures and the like of other tags. */
const SIGNATURE = /^sha256-[0-9a-f]{64}(\.|$)/

function runnable(tags: readonly string[]): readonly string[] {
  const versions = tags.filter((tag) => !SIGNATURE.test(tag) && versionViolations('tag', tag).length === 0)
  return newestFirst([...new Set(versions)])
}
