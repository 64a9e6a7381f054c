import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileProblems } from './check-files.ts'
import type { PackedFiles } from './files.ts'
import { packageProblems } from './licences.ts'
import { type Manifest, readManifest } from './manifests.ts'
import { namesUsedBy, type RunTimePackage, readLock, runTimePackages } from './run-time-packages.ts'
import { toSbom } from './sbom.ts'
import { sdkFiles } from './sdk-files.ts'
import { serverFiles } from './server-files.ts'
import { toTarball } from './tarball.ts'

/** What the console is built by, and does not hold. */
const BUILD_TOOLS = ['vite']

export type Artifact = { readonly file: string; readonly bytes: Buffer; readonly sha256: string }

export type Packed = {
  readonly artifacts: readonly Artifact[]
  /** The packages of others that the server runs with, on all platforms together. */
  readonly installed: readonly RunTimePackage[]
}

/**
 * Builds what a release hands on: both packages, and the bill of materials of each. The same sources and
 * installed packages give the same bytes. Throws with all that speaks against it.
 */
export function pack(root: string): Packed {
  const { installed, inConsole, plugins, uses } = readRunTimePackages(root)
  const sdk = sdkFiles(root)
  const server = serverFiles({ root, plugins, sdk, installed, inConsole })
  const problems = [...packageProblems([...installed, ...inConsole]), ...fileProblems(server, root)]
  if (problems.length > 0) throw new Error(`the packages cannot be built:\n${problems.join('\n')}`)
  const artifacts = [
    ...artifactsOf(readManifest(join(root, 'sdk')), sdk, { uses: [], installed: [], inConsole: [] }),
    ...artifactsOf(readManifest(root), server, { uses, installed, inConsole }),
  ]
  return { artifacts, installed }
}

/**
 * What a server runs with: packages of others and which of them it uses itself, those whose code is in its
 * console, and the folders of its plugins.
 */
export function readRunTimePackages(root: string) {
  const lock = readLock(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const plugins = readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)
  const ours = ['', 'sdk', ...plugins].map((path): [string, readonly string[]] => [
    path,
    path === 'sdk' ? [] : namesUsedBy(lock, path).filter((name) => !name.startsWith('@gleaner/')),
  ])
  const built = namesUsedBy(lock, 'console').filter((name) => !BUILD_TOOLS.includes(name))
  return {
    plugins,
    uses: ours.flatMap(([, names]) => names.map((name) => `node_modules/${name}`)),
    installed: runTimePackages(lock, new Map(ours)),
    inConsole: runTimePackages(lock, new Map([['console', built]])),
  }
}

function artifactsOf(
  { name, version, license }: Manifest,
  files: PackedFiles,
  parts: {
    readonly uses: readonly string[]
    readonly installed: readonly RunTimePackage[]
    readonly inConsole: readonly RunTimePackage[]
  },
): readonly Artifact[] {
  const base = `${name.replace('@', '').replace('/', '-')}-${version}`
  const tarball = artifact(`${base}.tgz`, toTarball(files))
  const subject = { name, version, license, file: tarball.file, sha256: tarball.sha256, uses: parts.uses }
  const sbom = toSbom(subject, parts.installed, parts.inConsole)
  return [tarball, artifact(`${base}.cdx.json`, Buffer.from(`${JSON.stringify(sbom, null, 2)}\n`))]
}

function artifact(file: string, bytes: Buffer): Artifact {
  return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}
