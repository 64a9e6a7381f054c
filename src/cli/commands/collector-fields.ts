import type { Command } from 'commander'
import type { JsonObject } from '../client.ts'
import { oneOf, wholeNumber } from '../command-line.ts'
import { jsonObject } from '../json-option.ts'

/** What can be said of a collector when it is created or changed. */
export type CollectorFields = {
  readonly pluginVersion?: string
  readonly options?: JsonObject
  readonly upgrade?: string
  readonly secret?: string
  readonly secretGroup?: string
  readonly provider?: string
  readonly serviceAccount?: string
  readonly priority?: number
  readonly tags?: JsonObject
}

/** Adds the options that creating and changing have in common. */
export function withCollectorFields(command: Command): Command {
  return command
    .option('--plugin-version <version>', 'version of the plugin to run')
    .option('--options <json>', 'settings of the plugin, a JSON object', jsonObject)
    .option('--upgrade <mode>', 'how the version changes: auto or manual', oneOf(['AUTO', 'MANUAL']))
    .option('--secret <id>', 'use this secret')
    .option('--secret-group <id>', 'use the secrets of this group')
    .option('--provider <name>', 'use the secrets of this provider')
    .option('--service-account <id>', 'use the secrets of this service account')
    .option('--priority <number>', 'whose word counts: 0 to 99, the lower', wholeNumber(0, 99))
    .option('--tags <json>', 'labels of your own, a JSON object', jsonObject)
}

/** The same in the fields of the API; what was not given is left out. */
export function toRequestFields(fields: CollectorFields, pluginId?: string): JsonObject {
  const plugin = given({
    plugin_id: pluginId,
    version: fields.pluginVersion,
    options: fields.options,
    upgrade_mode: fields.upgrade,
    secret_id: fields.secret,
    secret_group_id: fields.secretGroup,
    provider: fields.provider,
    service_account_id: fields.serviceAccount,
  })
  return given({
    priority: fields.priority,
    tags: fields.tags,
    plugin_info: Object.keys(plugin).length === 0 ? undefined : plugin,
  })
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
