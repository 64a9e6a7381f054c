export {
  DEFAULT_SETTINGS,
  type DomainSettings,
  getSettings,
  type Retention,
  updateSettings,
} from './domain-settings.ts'
export { Housekeeper, type HousekeeperDeps, type HousekeeperSettings } from './housekeeper.ts'
export type { Removed } from './sweep-domain.ts'
