export { packRoster } from './pack-roster.ts'
export { Roster } from './roster.ts'
