import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.object({
  name: z.string().optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  main: z.string().optional(),
})

/**
 * What of a package is run: a program that serves by itself, or a module whose default export is a plugin of
 * the SDK.
 */
export type PackageEntry = { readonly kind: 'program' | 'module'; readonly path: string }

/** The only program of a package, or the one of the package's own name; without programs its main module. */
export async function findEntry(folder: string): Promise<PackageEntry | undefined> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  const program = findProgram(manifest)
  if (program !== undefined) return { kind: 'program', path: join(folder, program) }
  return manifest.main === undefined ? undefined : { kind: 'module', path: join(folder, manifest.main) }
}

function findProgram({ bin, name = '' }: z.infer<typeof Manifest>): string | undefined {
  if (bin === undefined || typeof bin === 'string') return bin
  const programs = Object.values(bin)
  return programs.length === 1 ? programs[0] : bin[name.replace(/^@[^/]*\//, '')]
}
