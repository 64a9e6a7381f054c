export { type FillOptions, fillDatabase } from './fill-database.ts'
export { type ReachedDatabase, type ReachOptions, reachDatabase, startStopped } from './reach-database.ts'
export { type Session, withSession } from './session.ts'
