export { type CompiledSearch, compileSearch } from './compile-search.ts'
export type { Searched } from './resolve-field.ts'
export { SearchError } from './search-error.ts'
export type { SearchField, SearchFields } from './search-fields.ts'
