export { createRedactor } from '../core/create-redactor.ts'
export { builtinPlugins } from './builtins.ts'
export { createPluginCatalog, type PluginCatalog } from './catalog.ts'
export { createPluginHost, type PluginHostCounters, type ProcessHost } from './host.ts'
export type {
  CollectCall,
  CollectObserver,
  Measured,
  PluginConnection,
  PluginHost,
  PluginMetadata,
  PluginRef,
} from './plugin-connection.ts'
export { PluginError } from './plugin-error.ts'
export type { Activity } from './process/process-activity.ts'
export { getPluginLog } from './processes/get-log.ts'
export { pluginProcessEntity } from './processes/process-entity.ts'
export { ProcessReporter } from './processes/process-reporter.ts'
export { addPluginVersion, removePluginVersion } from './registered/change-versions.ts'
export { deregisterPlugin } from './registered/deregister-plugin.ts'
export { getVersionListing } from './registered/get-version-listing.ts'
export type { NewPlugin } from './registered/new-plugin.ts'
export { getPlugin, getPluginVersions, listPlugins } from './registered/read-plugins.ts'
export { refreshPluginVersions } from './registered/refresh-plugin-versions.ts'
export { registerPlugin } from './registered/register-plugin.ts'
export { setPluginState } from './registered/set-plugin-state.ts'
export { type UpdatePluginInput, updatePlugin } from './registered/update-plugin.ts'
export {
  assertPluginEnabled,
  createPluginRegistry,
  type PluginRecord,
  type PluginRegistry,
} from './registry.ts'
export { resolveVersion } from './resolve-version.ts'
export { runtimeOf } from './runtimes/find-runtime.ts'
export { LAUNCHER } from './runtimes/launcher.ts'
export { RUNTIME_NAMES } from './runtimes/names.ts'
export { DEFAULT_PLUGIN_SETTINGS, type PluginSettings } from './settings.ts'
export { assertPluginRuns } from './sql/assert-plugin-runs.ts'
export { holdPlugin } from './sql/hold-plugin.ts'
export { createVersionLister, type VersionLister } from './version-lister.ts'
