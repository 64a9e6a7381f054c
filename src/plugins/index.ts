export { builtinPlugins } from './builtins.ts'
export { createPluginHost, type PluginHostCounters, type PluginHostInput } from './host.ts'
export type {
  CollectCall,
  CollectObserver,
  PluginConnection,
  PluginHost,
  PluginMetadata,
  PluginRef,
} from './plugin-connection.ts'
export { PluginError } from './plugin-error.ts'
export { createRedactor, type Redactor } from './redact.ts'
export { createPluginRegistry, PluginNotFound, type PluginRecord, type PluginRegistry } from './registry.ts'
export { resolveVersion, type UpgradeMode, type VersionWish } from './resolve-version.ts'
export { DEFAULT_PLUGIN_SETTINGS, type PluginSettings } from './settings.ts'
