import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'

/** What can be collected with. */
export type Plugin = {
  readonly plugin_id: string
  readonly name: string
  readonly image: string
  readonly state: string
  readonly provider: string
  readonly labels: readonly string[]
  readonly created_at: string
}

export type PluginProcess = {
  readonly process_id: string
  readonly version: string
  readonly host_id: string
  readonly state: string
  readonly health: string
  readonly started_at: string
  /** A 64-bit number comes as text. */
  readonly memory_bytes: string
  readonly deaths: number
  readonly failed_at: string
  readonly failure: string
}

/** All plugins of the domain, those that come with the server included. */
export function usePlugins() {
  const api = useApi()
  return useQuery({
    queryKey: ['plugins', 'list'],
    queryFn: ({ signal }) =>
      api.post<Listed<Plugin>>(
        '/repository/v1/plugin/list',
        { query: { sort: { keys: [{ key: 'name' }] } } },
        signal,
      ),
  })
}

/** One plugin with its versions and the processes that run it. */
export function usePlugin(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['plugins', 'one', id],
    queryFn: async ({ signal }) => {
      const request = { plugin_id: id }
      const [plugin, versions, processes] = await Promise.all([
        api.post<Plugin>('/repository/v1/plugin/get', request, signal),
        api.post<{ results: readonly string[] }>('/repository/v1/plugin/get-versions', request, signal),
        api.post<Listed<PluginProcess>>('/gleaner/v1/plugin-process/list', request, signal),
      ])
      return { plugin, versions: versions.results, processes: processes.results }
    },
  })
}
