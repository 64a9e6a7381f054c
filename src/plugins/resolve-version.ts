import { InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { shown } from '../core/shown.ts'
import type { PluginRecord } from './registry.ts'

type UpgradeMode = 'AUTO' | 'MANUAL'

type VersionWish = { readonly version?: string | undefined; readonly upgradeMode: UpgradeMode }

/**
 * Which version to run: AUTO takes the newest, MANUAL the one asked for. A version that does not exist is
 * refused in both.
 */
export function resolveVersion(record: PluginRecord, wish: VersionWish): string {
  if (wish.version !== undefined && wish.version !== '') assertKnown(record, wish.version)
  if (wish.upgradeMode === 'AUTO') return newestVersion(record)
  if (wish.version === undefined || wish.version === '') throw new RequiredParameter('version')
  return wish.version
}

/** The version a plugin runs in when nobody asks for another. */
export function newestVersion(record: PluginRecord): string {
  const newest = record.versions[0]
  if (newest === undefined) throw invalidVersion(`plugin '${record.pluginId}' has no version at all`)
  return newest
}

function assertKnown(record: PluginRecord, version: string): void {
  if (record.versions.includes(version)) return
  throw invalidVersion(
    `plugin '${record.pluginId}' has no version '${shown(version)}'; available: ${record.versions.join(', ')}`,
  )
}

function invalidVersion(reason: string): InvalidParameter {
  return new InvalidParameter('version', reason, 'ERROR_INVALID_PLUGIN_VERSION')
}
