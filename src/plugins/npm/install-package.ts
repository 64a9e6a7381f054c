import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isTraversable } from '../process/plugin-folder.ts'
import type { PluginUser } from '../process/plugin-user.ts'
import { type NpmOptions, runNpm } from './npm-client.ts'
import type { PackageSpec } from './package-spec.ts'
import { digestTree } from './tree-digest.ts'

/** What was installed, as it must be found at each later start. */
const Pin = z.object({ name: z.string(), version: z.string(), tree: z.string() })
type Pin = z.infer<typeof Pin>

const MANIFESTS = ['package.json', 'package-lock.json']

export type InstalledPackage = {
  readonly version: string
  /** The folder of the package itself, below its `node_modules`. */
  readonly folder: string
}

type InstallInput = {
  readonly spec: PackageSpec
  readonly dataDir: string
  readonly user: PluginUser | undefined
  readonly npm: Omit<NpmOptions, 'cacheDir'>
  readonly signal: AbortSignal
}

/** Files of an installed package are not those that were installed. */
export class PackageChanged extends Error {}

/**
 * Sees to it that a package is installed, in a folder of its own, with exactly the files it was first
 * installed with. Its lockfile and the digest of its files are kept below the data folder. Where they are
 * there and the files are gone, they are installed again from that lockfile; where files changed, nothing is
 * run.
 */
export async function installPackage(input: InstallInput): Promise<InstalledPackage> {
  const { spec, dataDir } = input
  const key = encodeURIComponent(`${spec.name}@${spec.range || 'latest'}`)
  const records = join(dataDir, 'packages', key)
  await mkdir(records, { recursive: true })
  const tree = join(await treesFolder(input), key)
  const pin = await readPin(records)
  if (pin !== undefined) await assertUnchanged(await restore(input, records, tree), pin, records, tree)
  const { name, version } = pin ?? (await install(input, records, tree))
  return { version, folder: join(tree, 'node_modules', name) }
}

/**
 * Another user must be able to read what it runs: below a closed data folder it cannot, so the files then lie
 * in a temporary one.
 */
async function treesFolder({ dataDir, user }: InstallInput): Promise<string> {
  const inside = join(dataDir, 'packages', 'trees')
  await mkdir(inside, { recursive: true })
  if (user === undefined || (await isTraversable(inside, user))) return inside
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const outside = join(tmpdir(), `gleaner-packages-${id}`)
  await mkdir(outside, { recursive: true })
  await chmod(outside, 0o755)
  return outside
}

async function install(input: InstallInput, records: string, tree: string): Promise<Pin> {
  const { name, range } = input.spec
  const digest = await fill(input, tree, async (folder) => {
    await writeFile(join(folder, 'package.json'), '{"private":true}\n')
    return ['install', `${name}@${range || 'latest'}`, '--save-exact', '--omit=dev']
  })
  const version = await readVersion(join(tree, 'node_modules', name))
  const pin: Pin = { name, version, tree: digest }
  for (const file of MANIFESTS) await cp(join(tree, file), join(records, file))
  await writeFile(join(records, 'pin.json.new'), `${JSON.stringify(pin)}\n`)
  await rename(join(records, 'pin.json.new'), join(records, 'pin.json'))
  return pin
}

/**
 * Returns the digest of the files that are there, which are first put there from the kept lockfile if there
 * are none.
 */
async function restore(input: InstallInput, records: string, tree: string): Promise<string> {
  const found = await digestTree(tree).catch(() => undefined)
  if (found !== undefined) return found
  return fill(input, tree, async (folder) => {
    for (const file of MANIFESTS) await cp(join(records, file), join(folder, file))
    return ['ci', '--omit=dev']
  })
}

/**
 * Fills a folder beside the place and moves it there when it is whole: a start that is cut off leaves nothing
 * half.
 */
async function fill(
  input: InstallInput,
  tree: string,
  prepare: (folder: string) => Promise<readonly string[]>,
): Promise<string> {
  const scratch = await mkdtemp(`${tree}.new-`)
  try {
    await chmod(scratch, 0o755)
    const args = await prepare(scratch)
    const { npm, signal } = input
    await runNpm(args, { ...npm, cacheDir: join(input.dataDir, 'packages', 'cache'), cwd: scratch, signal })
    const digest = await digestTree(scratch)
    await rm(tree, { recursive: true, force: true })
    await rename(scratch, tree)
    return digest
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function assertUnchanged(found: string, pin: Pin, records: string, tree: string): Promise<void> {
  if (found === pin.tree) return
  throw new PackageChanged(
    `the files of ${pin.name} ${pin.version} in ${tree} are not those that were installed, so they are not run; find out who changed them, then remove that folder to install them again, or ${records} as well to trust the registry anew`,
  )
}

async function readPin(records: string): Promise<Pin | undefined> {
  const text = await readFile(join(records, 'pin.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Pin.parse(JSON.parse(text))
}

async function readVersion(folder: string): Promise<string> {
  const manifest: { version?: unknown } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return String(manifest.version)
}
