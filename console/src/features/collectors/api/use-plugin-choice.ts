import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Listed } from '../../../api/page-request.ts'
import type { OptionsSchema } from './options-schema.ts'

export type PluginChoice = { readonly plugin_id: string; readonly name: string; readonly provider: string }

export type PluginDescription = {
  readonly plugin_id: string
  readonly version: string
  readonly provider: string
  /** Without properties where there are none, or the plugin says nothing of them. */
  readonly options_schema?: OptionsSchema
  readonly secret_schema?: OptionsSchema
}

export type SecretChoice = { readonly secret_id: string; readonly name: string; readonly provider: string }

/** The plugins that a collector may run. */
export function usePluginChoices() {
  const api = useApi()
  return useQuery({
    queryKey: ['collectors', 'plugin choices'],
    queryFn: async ({ signal }) => {
      const query = { sort: { keys: [{ key: 'name' }] }, only: ['plugin_id', 'name', 'provider'] }
      const request = { state: 'ENABLED', query }
      return (await api.post<Listed<PluginChoice>>('/repository/v1/plugin/list', request, signal)).results
    },
  })
}

/** What a plugin says of its options and secrets. It is started for that, which takes a moment; no news of other things does so again. */
export function usePluginDescription(pluginId: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['collectors', 'plugin description', pluginId],
    enabled: pluginId !== '',
    staleTime: 'static',
    queryFn: ({ signal }) =>
      api.post<PluginDescription>('/gleaner/v1/plugin-description/get', { plugin_id: pluginId }, signal),
  })
}

/** The secrets of a provider, by name; what is in them nobody sees. */
export function useSecretChoices(provider: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['collectors', 'secret choices', provider],
    queryFn: async ({ signal }) => {
      const query = { sort: { keys: [{ key: 'name' }] }, only: ['secret_id', 'name', 'provider'] }
      const request = { ...(provider !== '' && { provider }), query }
      return (await api.post<Listed<SecretChoice>>('/secret/v1/secret/list', request, signal)).results
    },
  })
}
