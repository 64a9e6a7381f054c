/** What the thread that stores needs of coverage: how a run is judged, and nothing that answers callers of the API. */
export { type CoverageSettings, DEFAULT_COVERAGE_SETTINGS } from '../settings.ts'
export { type EvidenceCounts, type SettledRun, settleRun } from './settle-run.ts'
