export { type CollectedResource, type CollectInput, type CollectResult, collectFrom } from './collect-from.ts'
export { type PluginProcess, type StartOptions, startPlugin } from './start-plugin.ts'
