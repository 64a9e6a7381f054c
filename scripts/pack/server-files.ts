import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { toJavaScript } from '../../src/plugin-kit/to-javascript.ts'
import {
  fileFrom,
  filesBelow,
  jsonFile,
  listBelow,
  type PackedFile,
  type PackedFiles,
  textFile,
} from './files.ts'
import { pluginManifest, readManifest, serverManifest } from './manifests.ts'
import { noticesOf } from './notices.ts'
import type { RunTimePackage } from './run-time-packages.ts'
import { shrinkwrapOf } from './shrinkwrap.ts'

const PROGRAMS = /^src\/(cli\/gleaner\.mjs|gleaner-server\.sh)$/
/** For whoever runs a server. */
const DEPLOYED = ['deploy/database.sql', 'deploy/gleaner.service']

export type ServerInput = {
  readonly root: string
  /** The folders of the plugins that lie in it: `plugins/aws`. */
  readonly plugins: readonly string[]
  readonly sdk: PackedFiles
  readonly installed: readonly RunTimePackage[]
  readonly inConsole: readonly RunTimePackage[]
}

/**
 * The files of the package `gleaner`: the clone without types. Each source lies where it lies there, so that
 * whatever finds its way in a clone finds it here. What imports the SDK or a plugin by name imports it by its
 * path, because they are no packages of others here.
 */
export function serverFiles(input: ServerInput): PackedFiles {
  const { root, plugins, sdk, installed, inConsole } = input
  const manifest = serverManifest(
    readManifest(root),
    plugins.map((folder) => readManifest(join(root, folder))),
  )
  const own = ownModules(root, ['sdk', ...plugins])
  return new Map<string, PackedFile>([
    ['package.json', jsonFile(manifest)],
    ['npm-shrinkwrap.json', jsonFile(shrinkwrapOf(manifest, installed, join(root, 'package-lock.json')))],
    ['README.md', fileFrom(join(root, 'deploy/package-readme.md'))],
    ...['LICENSE', 'scripts/strip-types.mjs', ...DEPLOYED].map((path): [string, PackedFile] => [
      path,
      fileFrom(join(root, path)),
    ]),
    ...filesBelow(join(root, 'migrations'), 'migrations'),
    ...[...sdk].map(([path, file]): [string, PackedFile] => [`sdk/${path}`, file]),
    ...plugins.map((folder): [string, PackedFile] => [
      `${folder}/package.json`,
      jsonFile(pluginManifest(readManifest(join(root, folder)))),
    ]),
    ...['src', ...plugins.map((folder) => `${folder}/src`)].flatMap((folder) =>
      builtBelow(root, folder, own),
    ),
    ...consoleFiles(root, inConsole),
  ])
}

function builtBelow(
  root: string,
  folder: string,
  own: ReadonlyMap<string, string>,
): readonly (readonly [string, PackedFile])[] {
  return listBelow(join(root, folder)).map((path) => {
    const source = `${folder}/${path}`
    if (!path.endsWith('.ts'))
      return [source, { ...fileFrom(join(root, source)), isProgram: PROGRAMS.test(source) }]
    const built = source.replace(/ts$/, 'js')
    return [built, textFile(byPath(toJavaScript(readFileSync(join(root, source), 'utf8')), built, own))]
  })
}

function consoleFiles(
  root: string,
  inConsole: readonly RunTimePackage[],
): readonly (readonly [string, PackedFile])[] {
  return [
    ...filesBelow(join(root, 'node_modules/.cache/gleaner-console'), 'console'),
    ['console/LICENSES.txt', textFile(noticesOf(root, inConsole))],
  ]
}

/** What the packages of the repository export, by the name under which others import it. */
function ownModules(root: string, folders: readonly string[]): ReadonlyMap<string, string> {
  const entries = folders.flatMap((folder) => {
    const { name, exports = {} } = readManifest(join(root, folder))
    return Object.entries(exports).map(([key, source]): [string, string] => [
      posix.join(name, key),
      posix.join(folder, source).replace(/ts$/, 'js'),
    ])
  })
  return new Map(entries)
}

function byPath(source: string, path: string, own: ReadonlyMap<string, string>): string {
  return source.replaceAll(/(['"])(@gleaner\/[^'"\n]+)\1/g, (_, quote: string, name: string) => {
    const target = own.get(name)
    if (target === undefined) throw new Error(`${path} imports ${name}, which no package of ours exports`)
    const relative = posix.relative(posix.dirname(path), target)
    return `${quote}${relative.startsWith('.') ? relative : `./${relative}`}${quote}`
  })
}
