import type { OptionsSchema } from '../../../api/options-schema.ts'

/** A configured plugin. */
export type Collector = {
  readonly collector_id: string
  readonly name: string
  readonly state: string
  readonly provider: string
  readonly priority: number
  readonly plugin_info: {
    readonly plugin_id: string
    readonly version: string
    readonly upgrade_mode: string
    readonly options?: Readonly<Record<string, unknown>>
    readonly secret_id: string
    readonly secret_group_id: string
    readonly provider: string
    readonly service_account_id: string
    readonly metadata?: { readonly options_schema?: OptionsSchema }
  }
  readonly created_at: string
  readonly last_collected_at: string
  readonly is_public: boolean
  readonly project_id: string
}
