// What `npm start` loads before the server, in each thread (`--import`). TypeScript comes without its types from a folder in which
// it was put when it was read the first time, and every source takes one byte a character (docs/adr/0044-sources-without-types.md).
//
// By itself Node strips types at each start, with a compiler that takes 10 to 20 MB in each thread until it ends. With NODE_COMPILE_CACHE
// it does so once, but then keeps whatever it has read from that cache for as long as it runs.
//
//   node scripts/strip-types.mjs PATH    puts there a source, or all that are below a folder
//
// Started by itself where one is missing, so that the compiler is gone before the server is there.
import { isAscii } from 'node:buffer'
import { hash } from 'node:crypto'
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'

const root = join(import.meta.dirname, '..')
const folders = join(root, 'node_modules/.cache/gleaner/stripped')
const folder = join(folders, process.version)
/** What was stripped and is no longer read stays for as long, for who goes back to an earlier version. */
const KEPT_FOR_MS = 7 * 24 * 3_600_000
/** Hexadecimal, before what was kept. */
const HASH_LENGTH = 64
const asked = new Set()

if (process.argv[1] === import.meta.filename) {
  stripBelow(process.argv[2])
  removeOld()
} else {
  registerHooks({ load })
}

function load(url, context, next) {
  if (!url.startsWith('file:')) return next(url, context)
  if (!url.endsWith('.ts')) {
    const loaded = next(url, context)
    return isScript(url) ? { ...loaded, source: narrow(loaded.source) } : loaded
  }
  try {
    return { format: 'module', source: withoutTypes(fileURLToPath(url)), shortCircuit: true }
  } catch {
    // Node tells what is wrong with it, and where.
    return next(url, context)
  }
}

function withoutTypes(path) {
  const source = readFileSync(path)
  return findKept(source) ?? (askForAll(path) ? findKept(source) : undefined) ?? strip(source)
}

// Named after the content, so that nothing in there is ever out of date. After a loss of power there may be files that are empty or
// end early: what does not have its hash is made anew.
function findKept(source) {
  try {
    const kept = readFileSync(fileFor(source), 'utf8')
    const stripped = kept.slice(HASH_LENGTH)
    return kept.startsWith(hash('sha256', stripped)) ? stripped : undefined
  } catch {
    return undefined
  }
}

function fileFor(source) {
  return join(folder, `${hash('sha256', source)}.js`)
}

// Has another process strip whatever lies beside a source, once; false where it could not. What it did not strip is stripped here.
function askForAll(path) {
  const [top] = relative(root, path).split(sep)
  if (top === '..' || asked.has(top)) return false
  asked.add(top)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    return false
  }
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const args = ['--disable-warning=ExperimentalWarning', import.meta.filename, join(root, top)]
  return spawnSync(process.execPath, args, { stdio: 'ignore' }).status === 0
}

function stripBelow(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) if (name !== 'node_modules') stripBelow(join(path, name))
    return
  }
  if (!path.endsWith('.ts')) return
  const source = readFileSync(path)
  try {
    if (findKept(source) === undefined) strip(source)
    else utimesSync(fileFor(source), new Date(), new Date())
  } catch {
    // Told to who loads it.
  }
}

// Where it cannot be written, types are stripped at each start.
function strip(source) {
  // The compiler leaves broad blanks where there were broad characters in types.
  const stripped = stripTypeScriptTypes(narrow(source).toString())
  try {
    keep(fileFor(source), hash('sha256', stripped) + stripped)
  } catch {}
  return stripped
}

// Other threads and processes see all of it or nothing.
function keep(file, content) {
  mkdirSync(folder, { recursive: true })
  const draft = `${file}.${process.pid}-${threadId}`
  writeFileSync(draft, content)
  renameSync(draft, file)
}

// Sources of today were touched or written just now, if they lie beside those that were missing; others are stripped once more.
function removeOld() {
  const before = Date.now() - KEPT_FOR_MS
  for (const name of readdirSync(folders, { recursive: true })) {
    if (!name.includes('.js')) continue
    const file = join(folders, name)
    const { mtimeMs = before } = statSync(file, { throwIfNoEntry: false }) ?? {}
    if (mtimeMs < before) rmSync(file, { force: true })
  }
}

function isScript(url) {
  return /\.[cm]?js$/.test(url)
}

// V8 keeps the text of what it runs, with two bytes a character where only one is not of Latin-1: of packages that have a dash or
// an ellipsis in some comment, 2 MB more. An escape means the same in texts, names and patterns, if nothing else makes one of it.
function narrow(source) {
  if (source === undefined || source === null) return source
  if (isAscii(typeof source === 'string' ? Buffer.from(source) : source)) return source
  const text = Buffer.from(source).toString('utf8')
  // Two escapes make one character of a text, but not of a name.
  if (/\\[^\0-\x7f]|[^\S\0-\x7f]|\braw`|[\p{ID_Continue}&&[\u{10000}-\u{10ffff}]]/v.test(text)) return source
  const escaped = text.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  // As it is, it would still have two.
  return Buffer.from(escaped, 'latin1').toString('latin1')
}
