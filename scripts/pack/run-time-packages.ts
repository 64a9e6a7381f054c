import { dirname } from 'node:path/posix'
import { z } from 'zod'

const Names = z.record(z.string(), z.string()).default({})
const Platforms = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional()

/** What a lockfile says of a package; whatever else stands there is kept. */
const Locked = z.looseObject({
  name: z.string().optional(),
  version: z.string().default(''),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().default(false),
  resolved: z.string().optional(),
  optional: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  os: Platforms,
  cpu: Platforms,
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
  peerDependenciesMeta: z
    .record(z.string(), z.looseObject({ optional: z.boolean().default(false) }))
    .default({}),
})
export type Locked = z.infer<typeof Locked>

/**
 * Everything that a lockfile names, by its path: '' is the repository itself, `sdk` a package of its own,
 * `node_modules/pg` one of others.
 */
export type Lock = ReadonlyMap<string, Locked>

export function readLock(text: string): Lock {
  const { packages } = z.object({ packages: z.record(z.string(), Locked) }).parse(JSON.parse(text))
  return new Map(Object.entries(packages))
}

/** One package of others that runs with ours. */
export type RunTimePackage = {
  /** Where it is installed: `node_modules/pg`. */
  readonly path: string
  readonly name: string
  readonly locked: Locked
  /** The paths of what it uses itself. */
  readonly uses: readonly string[]
}

/**
 * All packages that some of ours use when they run, and what these use in turn, for every platform, sorted by
 * path. Of ours is named with the names it uses, which may leave some out. Throws where the lockfile lacks
 * one.
 */
export function runTimePackages(
  lock: Lock,
  of: ReadonlyMap<string, readonly string[]>,
): readonly RunTimePackage[] {
  const found = new Map<string, RunTimePackage>()
  const waiting = [...of].flatMap(([from, names]) => names.map((name) => locate(lock, from, name)))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const locked = lock.get(path)
    if (locked === undefined || locked.link || found.has(path)) continue
    if (!path.startsWith('node_modules/')) throw new Error(`${path} is not where a package of ours finds it`)
    const uses = usedBy(lock, path, locked)
    found.set(path, { path, name: path.replace(/^.*node_modules\//, ''), locked, uses })
    waiting.push(...uses)
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The names that one of our own packages uses when it runs. */
export function namesUsedBy(lock: Lock, path: string): readonly string[] {
  const own = lock.get(path)
  if (own === undefined) throw new Error(`the lockfile does not know ${path}`)
  return Object.keys({ ...own.dependencies, ...own.optionalDependencies })
}

function usedBy(lock: Lock, path: string, locked: Locked): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = locked
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)
  const needed = [...Object.keys(dependencies), ...peers].filter((name) => !(name in optionalDependencies))
  const wished = Object.keys(optionalDependencies).map((name) => find(lock, path, name))
  return [...needed.map((name) => locate(lock, path, name)), ...wished.filter((used) => used !== undefined)]
}

function locate(lock: Lock, from: string, name: string): string {
  const path = find(lock, from, name)
  if (path === undefined) throw new Error(`the lockfile lacks ${name}, which ${from || 'the server'} uses`)
  return path
}

/** As Node looks for it: beside whoever uses it, then further up. */
function find(lock: Lock, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const above = at === '.' ? '' : at
    const path = above === '' ? `node_modules/${name}` : `${above}/node_modules/${name}`
    if (lock.has(path)) return path
    if (above === '') return undefined
  }
}
