export { compileGet, compileList, compileWhere, type ListInput } from './compile.ts'
export { compileListFrom, type Sources } from './compile-list-from.ts'
export type { Entity, Field } from './entity.ts'
export type { Equals } from './equals.ts'
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
export { getEntity, listEntities, type Page, readRow, runList } from './list.ts'
export { toLocalName } from './names.ts'
export { pageWindow } from './page.ts'
export { Params } from './params.ts'
export { checkPatterns } from './pattern.ts'
export { storableText } from './refuse.ts'
export { parseRelativeTime } from './relative-time.ts'
export { requestEquals } from './request-fields.ts'
export { type CompiledSearch, compileSearch, SearchError, type SearchFields } from './search/index.ts'
export { sortPaths } from './sort.ts'
export { analyzeEntities } from './stat/analyze-entities.ts'
export { compileAnalyze } from './stat/compile-analyze.ts'
export { compileStat } from './stat/compile-stat.ts'
export { distinctValues } from './stat/distinct-values.ts'
export { readStatement } from './stat/read-statement.ts'
export { statEntities, toStatResult } from './stat/stat-entities.ts'
export { parseTimestamp } from './timestamp.ts'
