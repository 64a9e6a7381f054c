export { DEFAULT_RETENTION, getRetention, type Retention, updateRetention } from './domain-settings.ts'
export { Housekeeper, type HousekeeperDeps, type HousekeeperSettings } from './housekeeper.ts'
export type { Removed } from './sweep-domain.ts'
