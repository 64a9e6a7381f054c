import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import type { Collector } from './collector.ts'

export type NewCollector = {
  readonly name: string
  readonly pluginId: string
  readonly options: Readonly<Record<string, unknown>>
  /** What selects its secrets, as the API names it; empty where the plugin needs none. */
  readonly secrets: Readonly<Record<string, string>>
}

/** Creates a collector. */
export function useCreateCollector() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, pluginId, options, secrets }: NewCollector) =>
      api.post<Collector>('/inventory/v1/collector/create', {
        name,
        plugin_info: { plugin_id: pluginId, options, ...secrets },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['collectors', 'list'] }),
  })
}

/** Gives a collector other options, in place of all that it had. */
export function useChangeOptions(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (options: Readonly<Record<string, unknown>>) =>
      api.post<Collector>('/inventory/v1/collector/update-plugin', { collector_id: id, options }),
    onSuccess: () => {
      // It was made for the options before.
      queries.removeQueries({ queryKey: ['plan', id] })
      return queries.invalidateQueries({ queryKey: ['collectors'] })
    },
  })
}
