export { type CompiledQuery, compileGet, compileList, type ListInput } from './compile.ts'
export type {
  CollectionField,
  ColumnField,
  ColumnType,
  DocumentField,
  Entity,
  Field,
  ListField,
  ObjectField,
  SortTerm,
} from './entity.ts'
export type { Equals, EqualsValue } from './equals.ts'
export {
  bool,
  collection,
  document,
  enumeration,
  float,
  int,
  object,
  text,
  textList,
  timestamp,
} from './fields.ts'
export { getEntity, listEntities, type Page } from './list.ts'
export { requestEquals } from './request-fields.ts'
export {
  type CompiledSearch,
  compileSearch,
  SearchError,
  type Searched,
  type SearchField,
  type SearchFields,
} from './search/index.ts'
export { analyzeEntities } from './stat/analyze-entities.ts'
export { type AnalyzeInput, compileAnalyze } from './stat/compile-analyze.ts'
export { type CompiledStatistics, compileStat, type StatInput } from './stat/compile-stat.ts'
export { distinctValues } from './stat/distinct-values.ts'
export { statEntities } from './stat/stat-entities.ts'
export { parseTimestamp } from './timestamp.ts'
