import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `scripts/build-console.mjs` has left in a folder, and wrote down there in `console.json`. */
type BuiltConsole = {
  readonly dir: string
  /** First segments of the addresses that are pages of the console, such as `resources`. */
  readonly pages: readonly string[]
  /** The page that every address begins with. */
  readonly index: BuiltFile
  /** What it loads. Their names change with their content. */
  readonly assets: readonly BuiltFile[]
}

export type BuiltFile = {
  /** Below the folder, with slashes. */
  readonly path: string
  readonly type: string
  readonly etag: string
  /** Encodings in which it lies there as well, as `<path>.<suffix>`, the smallest first. */
  readonly encodings: readonly { readonly name: string; readonly suffix: string }[]
}

/**
 * Reads what was built; undefined where nothing was, or where it cannot be read. Files are left where they
 * are until asked for.
 */
export function findBuiltConsole(dir: string): BuiltConsole | undefined {
  try {
    return { ...claimManifest(JSON.parse(readFileSync(join(dir, 'console.json'), 'utf8'))), dir }
  } catch {
    return undefined
  }
}

/** The build of this very version has written it, and put it into place as a whole. */
function claimManifest(json: unknown): Omit<BuiltConsole, 'dir'> {
  return json as Omit<BuiltConsole, 'dir'>
}
