import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { FailedPrecondition, toError } from '../core/errors.ts'
import { toJavaScript } from './to-javascript.ts'

const TARGET = 'dist'
const NOT_PACKED =
  /^(node_modules|dist(\.\d+)?|recordings)$|^\.|(^|\.)test\.[cm]?[jt]s$|^(package-lock|tsconfig)\.json$/

const Manifest = z.looseObject({ name: z.string(), version: z.string(), main: z.string() })
type Manifest = z.infer<typeof Manifest>

/** A package that was built, ready for `npm publish` or `npm pack`. */
export type BuiltPackage = { readonly name: string; readonly version: string; readonly folder: string }

/**
 * Makes of a plugin's folder a package that the image `npm:` runs, in its folder `dist`: the same files with
 * JavaScript in place of TypeScript, and a manifest whose `main` is JavaScript. Tests, recordings and hidden
 * files stay behind. Throws `FailedPrecondition` and leaves what was built before when the folder holds no
 * plugin, or a source that Node cannot strip.
 */
export async function buildPluginPackage(folder: string): Promise<BuiltPackage> {
  const from = resolve(folder)
  const manifest = await readManifest(from)
  if (!existsSync(join(from, manifest.main)))
    throw notBuilt(`${join(from, manifest.main)}, its main module, is not there`)
  const target = join(from, TARGET)
  const built = `${target}.${process.pid}`
  try {
    for (const file of await listFiles(from)) await build(join(from, file), join(built, file))
    await writeFile(join(built, 'package.json'), `${JSON.stringify(toBuilt(manifest), null, 2)}\n`)
    await rm(target, { recursive: true, force: true })
    await rename(built, target)
  } finally {
    await rm(built, { recursive: true, force: true })
  }
  return { name: manifest.name, version: manifest.version, folder: target }
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, 'package.json')
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : toError(thrown).message
    throw notBuilt(`${file} does not say what the plugin is called, its version and its main module: ${why}`)
  }
}

async function listFiles(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true })
  const wanted = entries.filter(({ name }) => !NOT_PACKED.test(name) && join(below, name) !== 'package.json')
  const files = wanted.map(async (entry) =>
    entry.isDirectory() ? listFiles(folder, join(below, entry.name)) : [join(below, entry.name)],
  )
  return (await Promise.all(files)).flat()
}

async function build(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  if (!from.endsWith('.ts') || from.endsWith('.d.ts')) return cp(from, to, { dereference: true })
  const source = await readFile(from, 'utf8')
  await writeFile(to.replace(/ts$/, 'js'), strip(source, from))
}

function strip(source: string, file: string): string {
  try {
    return toJavaScript(source)
  } catch (thrown) {
    throw notBuilt(`${file} holds more than Node can strip: ${toError(thrown).message}`)
  }
}

/**
 * What is for the author alone stays behind, with `private`, which keeps the sources from being published.
 */
function toBuilt({ private: _, scripts: __, devDependencies: ___, ...manifest }: Manifest): object {
  return { ...manifest, main: manifest.main.replace(/\.ts$/, '.js') }
}

function notBuilt(reason: string): FailedPrecondition {
  return new FailedPrecondition('ERROR_PLUGIN_NOT_BUILT', `the package was not built: ${reason}`)
}
