import { expect, test } from 'vitest'
import { createPaint } from '../../../src/cli/output/paint.ts'
import { fitWidths, renderTable } from '../../../src/cli/output/table.ts'
import { cutText, padText, textWidth, wrapText } from '../../../src/core/text-width.ts'

const plain = createPaint(false)
const COLUMNS = [
  { heading: 'NAME' },
  { heading: 'COUNT', align: 'right', isWhole: true },
  { heading: 'ID', isWhole: true },
] as const

test('columns stand below their headings, numbers to the right', () => {
  const rows = [
    ['nginx', '1,234', 'id-1'],
    ['日本', '5', 'id-2'],
  ]
  expect(renderTable(COLUMNS, rows, { width: undefined, paint: plain })).toBe(
    'NAME   COUNT  ID\nnginx  1,234  id-1\n日本       5  id-2\n',
  )
})

test('a table is as wide as the terminal at most, and ids are never cut', () => {
  const rows = [
    ['a very long name of a resource that nobody reads to its end', '7', 'cloud-svc-0123456789ab'],
  ]
  const lines = renderTable(COLUMNS, rows, { width: 50, paint: plain }).trimEnd().split('\n')
  expect(Math.max(...lines.map(textWidth))).toBe(50)
  expect(lines[1]).toContain('…')
  expect(lines[1]).toContain('cloud-svc-0123456789ab')
})

test('a cell cannot begin a new line or leave its colour behind', () => {
  const table = renderTable(COLUMNS, [['a\nb\u001b[31m', '1', 'x']], { width: undefined, paint: plain })
  expect(table.split('\n')).toHaveLength(3)
  expect(table).toContain('a\\x0ab\\x1b[31m')
})

test('colours do not move columns', () => {
  const style = () => 'green' as const
  const columns = [{ heading: 'STATE', style }, { heading: 'ID' }]
  const colored = renderTable(columns, [['UP', '1']], { width: undefined, paint: createPaint(true) })
  expect(colored).toContain('\u001b[32mUP   \u001b[39m')
})

test.each([
  ['everything fits', [10, 20], [false, false], 40, [10, 20]],
  ['the widest gives first', [10, 30], [false, false], 30, [10, 20]],
  ['equal ones share', [20, 20], [false, false], 20, [10, 10]],
  ['whole columns give nothing', [20, 20], [true, false], 30, [20, 10]],
  ['something always stays visible', [20, 20], [true, false], 10, [20, 6]],
])('fitting widths: %s', (_, natural, whole, available, widths) => {
  const needs = natural.map((width, at) => ({ natural: width, isWhole: whole[at] ?? false }))
  expect(fitWidths(needs, available)).toEqual(widths)
})

test.each([
  ['plain', 5],
  ['grüße', 5],
  ['日本語', 6],
  ['🎉', 2],
  ['👩‍💻', 2],
  ['e\u0301', 1],
  ['', 0],
])('%j is %i columns wide', (text, width) => {
  expect(textWidth(text)).toBe(width)
})

test.each([
  ['short', 10, 'short'],
  ['too long', 5, 'too …'],
  ['日本語', 4, '日…'],
  ['ab', 0, ''],
])('%j cut to %i is %j', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut)
})

test('padding counts columns, not characters', () => {
  expect([padText('日', 4, 'left'), padText('7', 3, 'right')]).toEqual(['日  ', '  7'])
})

test('long messages break between words', () => {
  expect(wrapText('one two three four', 9)).toEqual(['one two', 'three', 'four'])
})
