import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
const RULE = readFileSync(join(ROOT, 'scripts/check-imports.ts'), 'utf8')

const rows = [...PAGE.matchAll(/^\| `src\/([a-z-]+)\/` \|.*\| ([^|]+) \|$/gm)].map(
  ([, folder = '', imports = '']) => ({ folder, imports }),
)

test('the table of folders has the order that the rule about imports holds', () => {
  const order = namesIn(between('const ORDER = [', ']'))
  expect(rows.map(({ folder }) => folder)).toEqual(order.filter((folder) => folder !== 'gen'))
})

test('the table says of each folder what it may import', () => {
  const only = [...between('const ONLY', '\n}').matchAll(/^ {2}'?([a-z-]+)'?: \[(.*)\],$/gm)]
  const narrower = new Map(only.map(([, folder = '', list = '']) => [folder, namesIn(list)]))
  const expected = rows.map(({ folder }) => {
    const names = narrower.get(folder)
    if (names === undefined) return { folder, imports: 'those above' }
    return { folder, imports: names.join(', ') || 'nothing of ours' }
  })
  expect(narrower.size).toBeGreaterThan(3)
  expect(rows).toEqual(expected)
})

function between(begin: string, end: string): string {
  const [, below = ''] = RULE.split(begin)
  return below.split(end)[0] ?? ''
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/'([a-z-]+)'/g)].map(([, name = '']) => name)
}
