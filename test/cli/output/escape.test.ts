import { expect, test } from 'vitest'
import { escapeJson, escapeLines, escapeText } from '../../../src/cli/output/escape.ts'

test.each([
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['a\r\nb\tc', 'a\\x0d\\x0ab\\x09c'],
  ['\u0000\u0008\u007f', '\\x00\\x08\\x7f'],
  ['\u009b2J', '\\x9b2J'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
  ['line\u2028para\u2029', 'line\\u2028para\\u2029'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
  ['half \ud83d pair', 'half \\ud83d pair'],
  ['grüße 🎉 日本 👩‍💻', 'grüße 🎉 日本 👩‍💻'],
  ['C:\\path', 'C:\\path'],
])('%j becomes %j in a cell', (text, visible) => {
  expect(escapeText(text)).toBe(visible)
})

test('every code point below a space, and every C1 control, is escaped', () => {
  const all = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join('')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(escapeText(all)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
})

test('a text of several lines keeps line breaks and tabs, and nothing else', () => {
  expect(escapeLines('one\r\ntwo\n\tthree\r\u001b[2K')).toBe('one\ntwo\n\tthree\\x0d\\x1b[2K')
})

test('escaped JSON means the same and holds nothing a terminal obeys', () => {
  const document = { name: '\u009b31m \u007f \u202e \u{e0041} \u001b[0m ünï🎉' }
  const json = escapeJson(JSON.stringify(document, null, 2))
  expect(JSON.parse(json)).toEqual(document)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})
