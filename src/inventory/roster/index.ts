export { packRoster } from './pack-roster.ts'
export { type LoadedRoster, Roster } from './roster.ts'
