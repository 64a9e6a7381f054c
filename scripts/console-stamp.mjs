// Which console was built, and whether it is that of the sources. Plain JavaScript for Node 20, like
// setup.mjs.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Where the built console lies. Whatever installs packages anew removes it, and so it is built with those
 * that are there.
 */
export function consoleDirOf(root) {
  return join(root, 'node_modules', '.cache', 'gleaner-console')
}

/** A hash over everything that the build reads, and the packages in it; its tests are not part of that. */
export function stampOfConsole(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'scripts', 'build-console.mjs')))
  hash.update(readFileSync(join(root, 'package-lock.json')))
  const folder = join(root, 'console')
  for (const path of readdirSync(folder, { recursive: true }).map(String).sort()) {
    if (/^(node_modules|test)\b/.test(path) || !/\.(css|html|json|svg|tsx?)$/.test(path)) continue
    hash.update(`\0${path}\0`).update(readFileSync(join(folder, path)))
  }
  // What it shares with the command line.
  const words = join(root, 'src', 'core', 'words')
  for (const path of readdirSync(words).sort())
    hash.update(`\0${path}\0`).update(readFileSync(join(words, path)))
  return hash.digest('hex')
}

/** True when the build is there and its sources are still the same. */
export function isConsoleBuilt(root) {
  try {
    const { stamp } = JSON.parse(readFileSync(join(consoleDirOf(root), 'console.json'), 'utf8'))
    return stamp === stampOfConsole(root)
  } catch {
    return false
  }
}
