export { type CompiledSearch, compileSearch } from './compile-search.ts'
export { SearchError } from './search-error.ts'
export type { SearchFields } from './search-fields.ts'
