/**
 * The import-direction rule: a folder of src/ imports only from folders before it, and other folders only through
 * their index.ts; so it is in console/, whose features do not import each other, and which shares src/core/words/ alone. Prints every breach
 * and ends with 1 when there is one.
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
  'backup',
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
  backup: ['core', 'storage'],
  telemetry: ['core', 'access'],
  config: ['core', 'webhooks', 'plugins'],
  'plugin-kit': ['gen', 'core', 'storage', 'access', 'plugins', 'inventory'],
  cli: ['core', 'plugin-kit'],
}

/** What the console shares with the command line: pure files that import nothing, read by its format/ alone. */
const SHARED_WORDS = 'src/core/words/'

/** What each folder of console/src/ may import; its `app` puts together what the features have. */
const CONSOLE: Readonly<Record<string, readonly string[]>> = {
  format: [],
  api: ['format'],
  components: ['format', 'api'],
  features: ['format', 'api', 'components'],
  app: ['format', 'api', 'components', 'features'],
}

const root = fileURLToPath(new URL('..', import.meta.url))

const breaches = [
  ...globSync('{src,sdk,plugins,console}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  }),
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
  if (from === undefined || to === undefined) return undefined
  if (file.startsWith(SHARED_WORDS) && !target.startsWith(SHARED_WORDS))
    return `${file}: imports ${target}; the console is built from it too, so it imports nothing`
  if (from === to || (from === 'console/format' && target.startsWith(SHARED_WORDS))) return undefined
  if (from.startsWith('console/') && to.startsWith('console/')) return breachInConsole(file, target, from, to)
  if (!from.startsWith('src/') || !to.startsWith('src/'))
    return `${file}: imports ${target}; packages and src/ meet through package names or processes only`
  return breachInSrc(file, target, from.slice(4), to.slice(4))
}

function breachInConsole(file: string, target: string, from: string, to: string): string | undefined {
  const [, folder = '', part = ''] = from.split('/')
  const [, toFolder = '', toPart = ''] = to.split('/')
  const allowed = CONSOLE[folder]
  if (allowed === undefined || toFolder === 'styles') return undefined // main.tsx and the tests see everything
  if (folder === 'features' && toFolder === 'features' && part !== toPart)
    return `${file}: imports ${target}; features do not import each other: app/ puts them together`
  return allowed.includes(toFolder)
    ? undefined
    : `${file}: imports ${target}; console/src/${folder}/ may import ${allowed.join(', ') || 'nothing'}`
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

// 'src/jobs', 'src/' for the files right below src, 'sdk', 'plugins/host', 'console/api'; undefined for what is outside.
function placeOf(path: string): string | undefined {
  const [top, second = '', third] = path.split('/')
  if (top === 'src') return third === undefined ? 'src/' : `src/${second}`
  if (top === 'sdk') return 'sdk'
  if (top === 'console') return placeInConsole(path)
  if (top === 'plugins') return `plugins/${second}`
  return undefined
}

// 'console/format', 'console/features/jobs'; 'console/' for what is right below its src, and for its tests.
function placeInConsole(path: string): string {
  const [, , folder = '', part = '', rest] = path.split('/')
  if (!path.startsWith('console/src/') || part === '') return 'console/'
  return folder === 'features' && rest !== undefined ? `console/features/${part}` : `console/${folder}`
}
