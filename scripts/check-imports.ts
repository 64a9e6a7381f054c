/**
 * The import-direction rule: a folder of src/ imports only from folders before it, and other folders only through
 * their index.ts. Prints every breach and ends with 1 when there is one.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folders in the direction data flows; each may import from those before it. */
const ORDER = [
  'gen',
  'core',
  'storage',
  'access',
  'query',
  'audit',
  'events',
  'identity',
  'tenants',
  'secrets',
  'webhooks',
  'rules',
  'plugins',
  'config',
  'inventory',
  'plugin-kit',
  'coverage',
  'jobs',
  'collectors',
  'schedules',
  'housekeeping',
  'telemetry',
  'server',
  'cli',
]

/** Folders that import less than their place would allow. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  gen: [],
  core: [],
  telemetry: ['core', 'access'],
  config: ['core', 'webhooks', 'plugins'],
  'plugin-kit': ['gen', 'core', 'storage', 'access', 'plugins', 'inventory'],
  cli: ['core', 'plugin-kit'],
}

const root = fileURLToPath(new URL('..', import.meta.url))

const breaches = [
  ...globSync('{src,sdk,plugins}/**/*.ts', { cwd: root, exclude: (path) => path.includes('node_modules') }),
]
  .flatMap((file) => importsOf(file).map((target) => breachOf(file, target)))
  .filter((breach) => breach !== undefined)

for (const breach of breaches) console.error(breach)
if (breaches.length > 0) process.exit(1)

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)
  return [...found].map(([, specifier = '']) => relative(root, join(root, dirname(file), specifier)))
}

function breachOf(file: string, target: string): string | undefined {
  const from = placeOf(file)
  const to = placeOf(target)
  if (from === undefined || to === undefined || from === to) return undefined
  if (!from.startsWith('src/') || !to.startsWith('src/'))
    return `${file}: imports ${target}; packages and src/ meet through package names or processes only`
  return breachInSrc(file, target, from.slice(4), to.slice(4))
}

function breachInSrc(file: string, target: string, from: string, to: string): string | undefined {
  if (from === '') return undefined // app.ts, main.ts see everything
  if (to === '') return `${file}: imports ${target}; only the composition root may`
  const allowed = ONLY[from] ?? ORDER.slice(0, ORDER.indexOf(from))
  if (!ORDER.includes(from))
    return `${file}: folder '${from}' has no place in the order of scripts/check-imports.ts`
  if (!allowed.includes(to))
    return `${file}: imports ${target}; ${from}/ may import ${allowed.join(', ') || 'nothing'}`
  const isFace = target.endsWith('/index.ts') || to === 'gen' || to === 'core'
  return isFace ? undefined : `${file}: imports ${target}; other folders are entered through index.ts`
}

// 'src/jobs', 'src/' for the files right below src, 'sdk', 'plugins/host'; undefined for what is outside.
function placeOf(path: string): string | undefined {
  const [top, second = '', third] = path.split('/')
  if (top === 'src') return third === undefined ? 'src/' : `src/${second}`
  if (top === 'sdk') return 'sdk'
  if (top === 'plugins') return `plugins/${second}`
  return undefined
}
