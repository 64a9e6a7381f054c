export { type DomainSettings, getSettings, type Retention, updateSettings } from './domain-settings.ts'
export { Housekeeper } from './housekeeper.ts'
