/**
 * What the thread that stores needs of coverage: how a run is judged, and nothing that answers callers of the
 * API.
 */
export { settleRun } from './settle-run.ts'
