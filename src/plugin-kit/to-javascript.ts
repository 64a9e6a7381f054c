import { stripTypeScriptTypes } from 'node:module'

/** Paths in quotes that begin with a dot: what is imported, and modules that threads begin with. */
const OWN_SOURCE = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g

/**
 * A source without its types, which Node does not strip below `node_modules`, that imports JavaScript in
 * place of TypeScript. Each line and column stays what it was, so that traces of errors need no map. Throws
 * for what is more than types, such as an `enum`.
 */
export function toJavaScript(source: string): string {
  return importJavaScript(stripTypeScriptTypes(source))
}

/** The same source, or its types alone, with JavaScript where it imports TypeScript of ours. */
export function importJavaScript(source: string): string {
  return source.replaceAll(OWN_SOURCE, '$1$2.js$1')
}
