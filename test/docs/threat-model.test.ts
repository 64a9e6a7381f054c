import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { problemsOf } from './claims.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const PAGE = readFileSync(join(DOCS, 'threat-model.md'), 'utf8')

function read(path: string): string | undefined {
  const file = join(DOCS, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

test('every claim of the threat model names tests that are there', () => {
  expect(PAGE.match(/^\d+\. /gm)?.length).toBeGreaterThan(50)
  expect(problemsOf(PAGE, read)).toEqual([])
})

test('every class of incidents has a claim against it', () => {
  const [, table = ''] = PAGE.split('## Where others were broken')
  const rows = table.split('\n').filter((line) => /^\| (?!what happened|---)/.test(line))
  expect(rows).toHaveLength(20)
  expect(rows.filter((row) => !/\| (?:\d+, )*\d+ \|$/.test(row))).toEqual([])
})

describe('a page of claims is found fault with', () => {
  const files = new Map([['../test/a.test.ts', "test('one holds', () => {})"]])
  const good = '[a](../test/a.test.ts) “one holds”'

  test.each([
    ['nothing where all is well', `1. It holds. ${good}\n2. So does this. [a](../test/a.test.ts)`, []],
    ['a claim without a test', '1. It holds.', ['claim 1: no test is named']],
    ['a number out of order', `1. It. ${good}\n3. That. ${good}`, ['claim 3 stands where 2 should']],
    ['a number twice', `1. It. ${good}\n1. That. ${good}`, ['claim 1 stands where 2 should']],
    ['a test that is not there', '1. It. [b](../test/b.test.ts)', ['claim 1: there is no ../test/b.test.ts']],
    ['what is no test', '1. It. [a](../src/a.ts)', ['claim 1: ../src/a.ts is no test']],
    [
      'a name that no test has',
      '1. It. [a](../test/a.test.ts) “one holds” “two hold”',
      ['claim 1: ../test/a.test.ts has no test “two hold”'],
    ],
    [
      'a claim that is spoken of and not there',
      `1. It. ${good}\n\n| this | 1, 2 |`,
      ['“this” names claim 2, which is not there'],
    ],
  ])('%s', (_what, page, problems) => {
    expect(problemsOf(page, (path) => files.get(path))).toEqual(problems)
  })
})
