import { PluginError } from '@gleaner/sdk'
import type { EngineApi } from './engine-api.ts'

const LISTS = ['/containers/json', '/images/json', '/networks', '/volumes'] as const

/**
 * Asks for every list, and for one container as a whole, and says everything at once that is refused: a proxy
 * before the engine lets through what it was told to, and not more.
 */
export async function assertMayList(api: EngineApi): Promise<void> {
  const refused: string[] = []
  const ask = async <T>(path: string, shown: string = path): Promise<T | undefined> => {
    try {
      return await api<T>(path)
    } catch (error) {
      if (!(error instanceof PluginError) || error.status !== 'PERMISSION_DENIED') throw error
      refused.push(`GET ${shown}`)
      return undefined
    }
  }
  const [containers] = await Promise.all(LISTS.map((path) => ask<unknown>(path)))
  const [first] = Array.isArray(containers) ? containers : []
  const id: unknown = Object(first).Id
  if (typeof id === 'string') await ask(`/containers/${encodeURIComponent(id)}/json`, '/containers/{id}/json')
  if (refused.length === 0) return
  throw new PluginError(
    'ERROR_ACCESS_DENIED',
    `what answers at options.engine refuses ${refused.join(', ')}; let the plugin read there`,
    { status: 'PERMISSION_DENIED' },
  )
}
