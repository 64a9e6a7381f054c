import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { STATUS_OF_KIND } from '../../src/server/errors.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8')

/** Stands for any code in what a plugin's author is told. */
const PLACEHOLDER = 'ERROR_CODE'

test('the page explains every code of the source once, and no other', () => {
  expect(explained().toSorted()).toEqual(codesOfSource())
})

test('the page says the status of every kind of error', () => {
  const missing = Object.values(STATUS_OF_KIND).filter(
    ({ grpc, http }) => !PAGE.includes(`| ${status[grpc]} | ${http} |`),
  )
  expect(missing).toEqual([])
})

test('every code says what it means', () => {
  const rows = [...PAGE.matchAll(/^\| `ERROR_.*$/gm)].map(([row]) =>
    row.split('|').map((cell) => cell.trim()),
  )
  expect(rows.filter(([, , means]) => means === undefined || means.length < 10)).toEqual([])
})

/** What stands in the first column. */
function explained(): readonly string[] {
  return [...PAGE.matchAll(/^\| (`ERROR_[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(ERROR_[A-Z0-9_]+)`/g)].map(([, code = '']) => code),
  )
}

/** Codes in strings, at their beginning; comments speak of others. */
function codesOfSource(): readonly string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('gen/'),
  )
  const codes = files.flatMap((name) => {
    const lines = readFileSync(join(ROOT, 'src', name), 'utf8').split('\n')
    const text = lines.filter((line) => !/^\s*(?:\/?\*|\/\/)/.test(line)).join('\n')
    return [...text.matchAll(/['`](ERROR_[A-Z0-9_]*[A-Z0-9])(?![A-Z0-9_])/g)].map(([, code = '']) => code)
  })
  return [...new Set(codes)].filter((code) => code !== PLACEHOLDER).toSorted()
}
