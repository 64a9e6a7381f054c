import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const ROOT = join(import.meta.dirname, '../..')

/**
 * Files that take longest, mostly because they wait for processes, with the longest first. A run that has nothing else left to do
 * would wait for such a file alone.
 */
const LONGEST: readonly string[] = [
  'test/conformance/conformance.test.ts',
  'test/docs/outage.test.ts',
  'test/docs/aws-moto.test.ts',
  'test/e2e/start-and-stop.test.ts',
  'test/plugin-kit/check-plugin.test.ts',
  'test/access/foreign-ids.test.ts',
  'plugins/aws/test/wide/failures.test.ts',
  'test/docs/commands.test.ts',
  'test/plugins/aws/wide-deletions.test.ts',
  'plugins/aws/test/faults.test.ts',
  'test/audit/methods.test.ts',
  'test/inventory/write/interleaving.test.ts',
  'test/console/console.test.ts',
  'test/storage/older-postgres.test.ts',
  'test/console/onboarding.test.ts',
  'test/docs/readme.test.ts',
]

/** Those first, then as Vitest has it: files that failed the last time, longer ones, larger ones. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = LONGEST.filter((path) => !existsSync(join(ROOT, path)))
    if (missing.length > 0)
      throw new Error(`test/support/longest-first.ts names what is not there: ${missing}`)
    const ranks = new Map(LONGEST.map((path, at) => [join(ROOT, path), at]))
    const rankOf = ({ moduleId }: TestSpecification) => ranks.get(moduleId) ?? LONGEST.length
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}
