// Builds the console into node_modules/.cache/gleaner-console, compressed beforehand, with a list of what is
// there for the server. Ends with 1 and leaves what was there before when it cannot.
//
//   node scripts/build-console.mjs
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { consoleDirOf, isConsoleBuilt, stampOfConsole } from './console-stamp.mjs'

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** Below this a header costs what the compression spares. */
const WORTH_COMPRESSING = 1_000

const root = fileURLToPath(new URL('..', import.meta.url))
const finalDir = consoleDirOf(root)
const dir = `${finalDir}.${process.pid}`
// Whoever builds may be developing something else: pages would get the libraries' builds for development, and
// twice the size.
process.env.NODE_ENV = 'production'
const startedAt = performance.now()
const wasBuilt = isConsoleBuilt(root)

try {
  const stamp = stampOfConsole(root)
  const { build } = await import('vite')
  await build({
    configFile: join(root, 'console', 'vite.config.ts'),
    root: join(root, 'console'),
    logLevel: 'error',
    build: { outDir: dir, emptyOutDir: true },
  })
  const { PAGES } = await import('../console/src/app/page-paths.ts')
  const files = await Promise.all(listFiles().map(describe))
  const index = files.find(({ path }) => path === 'index.html')
  const assets = files.filter((file) => file !== index)
  writeFileSync(join(dir, 'console.json'), JSON.stringify({ stamp, pages: PAGES, index, assets }))
  putInPlace()
  process.stderr.write(`Built the console in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`)
} catch (error) {
  rmSync(dir, { recursive: true, force: true })
  const why = error instanceof Error ? error.message : String(error)
  process.stderr.write(`The console could not be built, and everything else works without it: ${why}\n`)
  process.exitCode = 1
}

/**
 * Another start may have built the same meanwhile: then that one stays, since its server may be reading it
 * already.
 */
function putInPlace() {
  mkdirSync(join(finalDir, '..'), { recursive: true })
  if (wasBuilt || !isConsoleBuilt(root)) {
    rmSync(finalDir, { recursive: true, force: true })
    try {
      renameSync(dir, finalDir)
      return
    } catch (error) {
      if (!isConsoleBuilt(root)) throw error
    }
  }
  rmSync(dir, { recursive: true, force: true })
}

function listFiles() {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
}

async function describe(path) {
  const bytes = readFileSync(join(dir, path))
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  if (bytes.length < WORTH_COMPRESSING) return { path, type, etag, encodings: [] }
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  const [small, wide] = await Promise.all([
    promisify(brotliCompress)(bytes, quality),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  writeFileSync(join(dir, `${path}.br`), small)
  writeFileSync(join(dir, `${path}.gz`), wide)
  return {
    path,
    type,
    etag,
    encodings: [
      { name: 'br', suffix: 'br' },
      { name: 'gzip', suffix: 'gz' },
    ],
  }
}
