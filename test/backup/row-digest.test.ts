import { expect, test } from 'vitest'
import { RowDigest } from '../../src/backup/row-digest.ts'
import { RowWriter } from '../../src/storage/index.ts'

function rowsOf(texts: readonly (string | null)[]): Buffer {
  const rows = new RowWriter()
  rows.header()
  for (const text of texts) {
    rows.row(2)
    if (text === null) rows.null()
    else rows.text(text)
    rows.text('same')
  }
  rows.trailer()
  return Buffer.from(rows.written)
}

function digestOf(bytes: Buffer, pieceBytes = bytes.length) {
  const digest = new RowDigest()
  for (let at = 0; at < bytes.length; at += pieceBytes) digest.update(bytes.subarray(at, at + pieceBytes))
  return { rows: digest.rows, digest: digest.digest() }
}

test('the order of rows does not matter, nor where pieces end; every value and every twin does', () => {
  const all = digestOf(rowsOf(['a', 'b', null, 'long'.repeat(100)]))
  for (const bytes of [1, 3, 7, 100])
    expect(digestOf(rowsOf([null, 'long'.repeat(100), 'b', 'a']), bytes)).toEqual(all)
  expect(all.rows).toBe(4)
  const others = [
    ['a', 'b', null],
    ['a', 'b', '', 'long'.repeat(100)],
    ['a', 'a', 'b', null],
    ['a', 'b', 'b', null],
  ]
  const digests = others.map((texts) => digestOf(rowsOf(texts)).digest)
  expect(new Set([all.digest, ...digests]).size).toBe(5)
})

test('no rows are rows, too; what is cut off or none at all is refused', () => {
  expect(digestOf(rowsOf([]))).toEqual({ rows: 0, digest: '0'.repeat(64) })
  expect(() => digestOf(rowsOf(['a']).subarray(0, -1))).toThrow('end in the middle')
  expect(() => digestOf(Buffer.concat([rowsOf(['a']), Buffer.from('x')]))).toThrow('behind the last row')
  expect(() => digestOf(Buffer.alloc(100))).toThrow('no rows of a table')
})
