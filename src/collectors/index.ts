export { type CollectInput, collect } from './collect.ts'
export type { Collector } from './collector.ts'
export type { CollectorChanges, PluginChanges } from './collector-changes.ts'
export { type CollectorView, collectorEntity } from './collector-entity.ts'
export {
  type CollectorSettingsView,
  getCollectorSettings,
  type SettingsChange,
  updateCollectorSettings,
} from './collector-settings.ts'
export { type CreateCollectorDeps, createCollector } from './create-collector.ts'
export { deleteCollector } from './delete-collector.ts'
export { filterViolations } from './filter-format.ts'
export { getPluginDescription, type PluginDescriptionView } from './get-plugin-description.ts'
export type { CreateCollectorInput, PluginInput } from './new-collector.ts'
export { type CollectorPlanView, planCollector } from './plan-collector.ts'
export { planUnattended, refuseUnattended, type UnattendedPlan } from './plan-unattended.ts'
export { getCollector, listCollectors } from './read-collectors.ts'
export { setCollectorState } from './set-collector-state.ts'
export { lockCollector } from './sql/lock-collector.ts'
export { lockFreeCollectors } from './sql/lock-free-collectors.ts'
export { type UpdateCollectorDeps, type UpdateCollectorInput, updateCollector } from './update-collector.ts'
export { type VerifyPluginDeps, verifyPlugin } from './verify-plugin.ts'
