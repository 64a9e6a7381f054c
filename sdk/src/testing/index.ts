export type { CallFailure } from './call-plugin.ts'
export { type CollectedResource, type CollectResult, collectFrom } from './collect-from.ts'
export type { CollectInput } from './encode-input.ts'
export {
  type Exchange,
  type RecordedProvider,
  type RecordingOptions,
  startRecordedProvider,
} from './recorded-provider.ts'
export { type PluginProcess, type StartOptions, startPlugin } from './start-plugin.ts'
export { verifyWith } from './verify-with.ts'
