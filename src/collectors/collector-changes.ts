import type { JsonObject } from '@bufbuild/protobuf'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'
import { nameViolations } from '../core/field-violations.ts'
import { NO_SELECTION, type SecretSelection } from '../secrets/index.ts'
import type { Collector, UpgradeMode } from './collector.ts'
import { priorityViolations } from './priority-violations.ts'
import { selectorViolations } from './selector-violations.ts'

/** What a caller wants changed. Undefined keeps what is there. */
export type CollectorChanges = {
  readonly name?: string | undefined
  readonly priority?: number | undefined
  readonly tags?: JsonObject | undefined
  readonly plugin?: PluginChanges | undefined
}

type PluginChanges = {
  /** Only for clients that send back what they read: a plugin is chosen once. */
  readonly pluginId?: string | undefined
  /** '' asks for the newest. */
  readonly version?: string | undefined
  readonly options?: JsonObject | undefined
  readonly metadata?: JsonObject | undefined
  readonly upgradeMode?: UpgradeMode | undefined
  /** The selectors that were sent; one that was sent empty is cleared. */
  readonly selection?: Partial<SecretSelection>
}

/** What the plugin said when it was started as the changes ask for. */
export type PluginDescription = {
  readonly version: string
  readonly options: JsonObject
  readonly metadata: JsonObject
  /** From the plugin's record. */
  readonly provider: string
  readonly capability: JsonObject
}

/** What speaks against the changes themselves, whatever the collector. */
export function valueViolations({ name, priority, tags, plugin = {} }: CollectorChanges): GleanerError[] {
  return [
    ...(name === undefined ? [] : nameViolations(name)),
    ...(priority === undefined ? [] : priorityViolations(priority)),
    ...(tags === undefined ? [] : documentViolations('tags', tags)),
    ...selectorViolations(plugin.selection ?? {}),
  ]
}

/** What speaks against changes to this collector, as far as it can be told without the plugin. */
export function changeViolations(collector: Collector, changes: CollectorChanges): GleanerError[] {
  const { plugin = {} } = changes
  return [...valueViolations(changes), ...pluginIdViolations(collector, plugin.pluginId ?? '')]
}

/** Whether the plugin has to describe itself anew. A changed choice of secrets says nothing to it. */
export function asksForDescription({ version, options, upgradeMode }: PluginChanges): boolean {
  return version !== undefined || options !== undefined || upgradeMode !== undefined
}

/**
 * The version the changes ask for: the one they name, else the newest under AUTO, else the one that is there.
 */
export function wantedVersion(
  collector: Collector,
  { version, upgradeMode = collector.upgradeMode }: PluginChanges,
): string | 'newest' {
  if (version !== undefined) return version === '' ? 'newest' : version
  return upgradeMode === 'AUTO' ? 'newest' : collector.pluginVersion
}

/**
 * The choice of secrets after a change. Naming a selector replaces the whole choice; sending only empty ones
 * clears just those; sending none keeps it.
 */
export function nextSelection(current: SecretSelection, sent: Partial<SecretSelection>): SecretSelection {
  const values = Object.values(sent)
  if (values.length === 0) return current
  const kept = values.some((value) => value !== '') ? NO_SELECTION : current
  return { ...kept, ...sent }
}

/** The collector after the changes. Pure; what does not fit has been refused before. */
export function applyChanges(
  collector: Collector,
  changes: CollectorChanges,
  described: PluginDescription | undefined,
): Collector {
  const { name, priority, tags, plugin = {} } = changes
  return {
    ...collector,
    name: name ?? collector.name,
    priority: priority ?? collector.priority,
    tags: tags ?? collector.tags,
    upgradeMode: plugin.upgradeMode ?? collector.upgradeMode,
    selection: nextSelection(collector.selection, plugin.selection ?? {}),
    ...(described !== undefined && {
      pluginVersion: described.version,
      pluginOptions: described.options,
      pluginMetadata: described.metadata,
      provider: described.provider,
      capability: described.capability,
    }),
  }
}

function pluginIdViolations(collector: Collector, pluginId: string): GleanerError[] {
  if (pluginId === '' || pluginId === collector.pluginId) return []
  const reason = `the collector runs '${collector.pluginId}' as long as it lives. Create another collector for '${pluginId}'`
  return [new InvalidParameter('plugin_info.plugin_id', reason)]
}
