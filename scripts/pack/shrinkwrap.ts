import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { RunTimePackage } from './run-time-packages.ts'

const Lockfile = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) })

/**
 * The lockfile that a package brings along: of ours, what it needs when it runs. npm installs exactly that,
 * checked by its content, with `npm ci` where the package was unpacked, and wherever a registry hands the
 * package on.
 */
export function shrinkwrapOf(
  manifest: object,
  installed: readonly RunTimePackage[],
  lockfile: string,
): object {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync(lockfile, 'utf8')))
  const { name, version, ...root } = z.looseObject({ name: z.string(), version: z.string() }).parse(manifest)
  const entries = installed.map(({ path }) => [path, packages[path]])
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, ...root }, ...Object.fromEntries(entries) },
  }
}
