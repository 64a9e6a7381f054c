// What `npm start` loads before the server, in each thread (`--import`): TypeScript comes without its types from a folder
// in which it was put when it was read the first time.
//
// By itself Node strips types at each start, with a compiler that takes 10 to 20 MB in each thread. With
// NODE_COMPILE_CACHE it does so once, but then keeps whatever it has read from that cache for as long as it runs
// (docs/adr/0044-sources-without-types.md).
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'

const folder = join(import.meta.dirname, '../node_modules/.cache/gleaner/stripped', process.version)

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
    try {
      return { format: 'module', source: withoutTypes(fileURLToPath(url)), shortCircuit: true }
    } catch {
      // Node tells what is wrong with it, and where.
      return next(url, context)
    }
  },
})

/** Hexadecimal, before what was kept. */
const HASH_LENGTH = 64

// Named after the content, so that nothing in there is ever out of date. After a loss of power there may be files that are empty or
// end early: what does not have its hash is made anew.
function withoutTypes(path) {
  const source = readFileSync(path)
  const file = join(folder, `${hash('sha256', source)}.js`)
  try {
    const kept = readFileSync(file, 'utf8')
    const stripped = kept.slice(HASH_LENGTH)
    if (kept.startsWith(hash('sha256', stripped))) return stripped
  } catch {}
  const stripped = stripTypeScriptTypes(source.toString('utf8'))
  keep(file, hash('sha256', stripped) + stripped)
  return stripped
}

// Other threads and processes see all of it or nothing. Where it cannot be written, types are stripped at each start.
function keep(file, content) {
  try {
    mkdirSync(folder, { recursive: true })
    const draft = `${file}.${process.pid}-${threadId}`
    writeFileSync(draft, content)
    renameSync(draft, file)
  } catch {}
}
