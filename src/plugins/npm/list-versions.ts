import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type NpmOptions, runNpm } from './npm-client.ts'
import type { PackageSpec } from './package-spec.ts'

const Versions = z.union([z.string().transform((one) => [one]), z.array(z.string())])

type ListInput = {
  readonly spec: PackageSpec
  readonly dataDir: string
  readonly npm: Omit<NpmOptions, 'cacheDir'>
  readonly signal: AbortSignal
}

/**
 * The versions of a package that its registry has and the range allows, oldest first, as the registry orders
 * them.
 */
export async function listPackageVersions({
  spec,
  dataDir,
  npm,
  signal,
}: ListInput): Promise<readonly string[]> {
  const folder = join(dataDir, 'packages')
  await mkdir(folder, { recursive: true })
  const what = spec.range === '' ? [spec.name, 'versions'] : [`${spec.name}@${spec.range}`, 'version']
  const options = { ...npm, cacheDir: join(folder, 'cache'), cwd: folder, signal }
  const printed = await runNpm(['view', ...what, '--json'], options)
  return printed.trim() === '' ? [] : Versions.parse(JSON.parse(printed))
}
