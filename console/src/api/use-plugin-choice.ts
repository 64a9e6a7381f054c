import { useQuery } from '@tanstack/react-query'
import { useApi } from './api-context.ts'
import type { OptionsSchema } from './options-schema.ts'
import type { Listed } from './page-request.ts'

export type PluginChoice = {
  readonly plugin_id: string
  readonly name: string
  readonly provider: string
  /** Which forms of secrets it takes; where it says nothing, any. */
  readonly capability?: { readonly supported_schema?: readonly string[] }
}

export type PluginDescription = {
  readonly plugin_id: string
  readonly version: string
  readonly provider: string
  /** Without properties where there are none, or the plugin says nothing of them. */
  readonly options_schema?: OptionsSchema
  readonly secret_schema?: OptionsSchema
}

/** The plugins that a collector may run, by name. */
export function usePluginChoices() {
  const api = useApi()
  return useQuery({
    queryKey: ['plugins', 'choices'],
    queryFn: async ({ signal }) => {
      const only = ['plugin_id', 'name', 'provider', 'capability']
      const request = { state: 'ENABLED', query: { sort: { keys: [{ key: 'name' }] }, only } }
      return (await api.post<Listed<PluginChoice>>('/repository/v1/plugin/list', request, signal)).results
    },
  })
}

/**
 * What a plugin says of its options and secrets. It is started for that, which takes a moment; no news of
 * other things does so again.
 */
export function usePluginDescription(pluginId: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['plugins', 'description', pluginId],
    enabled: pluginId !== '',
    staleTime: 'static',
    queryFn: ({ signal }) =>
      api.post<PluginDescription>('/gleaner/v1/plugin-description/get', { plugin_id: pluginId }, signal),
  })
}
