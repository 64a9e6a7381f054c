export type { Change } from '../diff.ts'
export {
  type Difference,
  type DiffPastInput,
  diffPast,
  type PastDiff,
  type ResourceDifference,
} from './diff-past.ts'
export { type GetPastInput, getPast, type PastResource } from './get-past.ts'
export { type ListPastInput, listPast, type PastPage } from './list-past.ts'
export { type StatPastInput, statPast } from './stat-past.ts'
export type { UnknownPath } from './unknown-values.ts'
