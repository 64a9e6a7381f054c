import { expect, test } from 'vitest'
import { diffDocuments } from '../../src/inventory/diff.ts'
import { CLOUD_SERVICE, emptyDocument } from '../../src/inventory/kinds.ts'

const EMPTY = emptyDocument(CLOUD_SERVICE)

test('names each changed leaf by its path, with what was there and what is there now', () => {
  const before = {
    ...EMPTY,
    data: { a: { b: { c: 1, same: [1, { x: null }] }, gone: { deep: true } }, kept: 'x' },
  }
  const after = { ...EMPTY, data: { kept: 'x', a: { b: { same: [1, { x: null }], c: 2 }, new: [] } } }
  expect(diffDocuments(CLOUD_SERVICE, before, after)).toEqual({
    columns: ['data'],
    changes: [
      { p: 'data.a.b.c', b: 1, a: 2 },
      { p: 'data.a.gone', b: { deep: true } },
      { p: 'data.a.new', a: [] },
    ],
  })
})

test('a list is one value, and so is what changes its type', () => {
  const before = {
    ...EMPTY,
    ip_addresses: ['10.0.0.1'],
    data: { list: [{ a: 1, b: 2 }], part: { a: 1 }, null: null },
  }
  const after = {
    ...EMPTY,
    ip_addresses: ['10.0.0.1', '10.0.0.2'],
    data: { list: [{ b: 2, a: 3 }], part: [1], null: {} },
  }
  expect(diffDocuments(CLOUD_SERVICE, before, after)).toEqual({
    columns: ['ip_addresses', 'data'],
    changes: [
      { p: 'ip_addresses', b: ['10.0.0.1'], a: ['10.0.0.1', '10.0.0.2'] },
      { p: 'data.list', b: [{ a: 1, b: 2 }], a: [{ b: 2, a: 3 }] },
      { p: 'data.part', b: { a: 1 }, a: [1] },
      { p: 'data.null', b: null, a: {} },
    ],
  })
})

test('keys in another order change nothing, keys with names of every object do', () => {
  const before = {
    ...EMPTY,
    tags: { bench: { one: 1, two: 2 } },
    data: JSON.parse('{"__proto__": {"a": 1}}'),
  }
  const after = { ...EMPTY, tags: { bench: { two: 2, one: 1 } }, data: { toString: 'x' } }
  expect(diffDocuments(CLOUD_SERVICE, before, after)).toEqual({
    columns: ['data'],
    changes: [
      { p: 'data.__proto__', b: { a: 1 } },
      { p: 'data.toString', a: 'x' },
    ],
  })
})

test('of metadata only the column is named, and what the API calls otherwise goes by its name there', () => {
  const before = { ...EMPTY, metadata: { view: 1 }, resource_id: 'i-1' }
  const after = { ...EMPTY, metadata: { view: 2 }, resource_id: 'i-2' }
  expect(diffDocuments(CLOUD_SERVICE, before, after)).toEqual({
    columns: ['resource_id', 'metadata'],
    changes: [{ p: 'reference.resource_id', b: 'i-1', a: 'i-2' }],
  })
})
