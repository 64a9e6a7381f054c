import { posix } from 'node:path'
import type { PackedFiles } from './files.ts'

const IMPORTED = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]|new URL\(['"](\.[^'"]+)['"]/g

/**
 * What is wrong with the files of a package, one line each: an import that leads nowhere, or a path of the
 * machine that built it.
 */
export function fileProblems(files: PackedFiles, root: string): readonly string[] {
  return [...files].flatMap(([path, { bytes }]) => {
    const isOurs = /\.m?js$/.test(path) && !path.startsWith('console/')
    const missing = isOurs
      ? importsOf(path, Buffer.from(bytes).toString()).filter((to) => !files.has(to))
      : []
    return [
      ...missing.map((to) => `${path} imports ${to}, which is not there`),
      ...(Buffer.from(bytes).includes(root) ? [`${path} names ${root}`] : []),
    ]
  })
}

function importsOf(path: string, source: string): readonly string[] {
  return [...source.matchAll(IMPORTED)]
    .map(([, imported, located]) => posix.join(posix.dirname(path), imported ?? located ?? ''))
    .filter((to) => posix.extname(to) !== '')
}
