import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Versions = z.record(z.string(), z.string())

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  exports: Versions.optional(),
  dependencies: Versions.optional(),
  optionalDependencies: Versions.optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** The `package.json` of a folder of ours. */
export function readManifest(folder: string): Manifest {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
}

/**
 * The manifest of the package `gleaner`, of the repository's and those of the plugins that lie in it: what
 * all of them use, in exact versions, and the two programs.
 */
export function serverManifest(own: Manifest, plugins: readonly Manifest[]): object {
  const used = [own, ...plugins]
    .flatMap(({ dependencies = {} }) => Object.entries(dependencies))
    .filter(([name]) => !name.startsWith('@gleaner/'))
  for (const [name, version] of used) {
    const other = used.find((each) => each[0] === name && each[1] !== version)
    if (other !== undefined) throw new Error(`${name} is used in two versions, ${version} and ${other[1]}`)
  }
  return {
    name: own.name,
    version: own.version,
    description: own.description,
    license: own.license,
    type: 'module',
    engines: { node: '>=20' },
    bin: { gleaner: 'src/cli/gleaner.mjs', 'gleaner-server': 'src/gleaner-server.sh' },
    dependencies: sorted(used),
    optionalDependencies: own.optionalDependencies,
    publishConfig: { access: 'public' },
  }
}

/** What is left of the manifest of a plugin that lies in the package: what it is called. */
export function pluginManifest({ name, version, description, license }: Manifest): object {
  return { name, version, description, license, type: 'module' }
}

function sorted(entries: readonly (readonly [string, string])[]): object {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
