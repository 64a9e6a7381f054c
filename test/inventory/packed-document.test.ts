import { expect, it } from 'vitest'
import { CLOUD_SERVICE, CLOUD_SERVICE_TYPE, emptyDocument, REGION } from '../../src/inventory/kinds.ts'
import { packDocument, unpackDocument } from '../../src/inventory/packed-document.ts'
import { createBatchMemories } from '../../src/inventory/write/stream/batch-memory.ts'
import { RowWriter } from '../../src/storage/index.ts'

const NESTED = JSON.parse(
  '{"__proto__": {"a": 1}, "list": [1.5, null, "ä😀", {"x": []}], "text": "\\"\\\\\\n", "off": false}',
)
const CLOUD_SERVICE_DOCUMENT = {
  ...emptyDocument(CLOUD_SERVICE),
  name: 'a name that is longer than what is cut by copying, ä😀',
  provider: 'aws',
  instance_size: -1.5,
  ip_addresses: ['10.0.0.1', 'fe80::1234:5678:9abc:def0'],
  tags: { aws: NESTED },
  data: NESTED,
}

it.each([
  ['a cloud service', CLOUD_SERVICE, CLOUD_SERVICE_DOCUMENT],
  ['an empty cloud service', CLOUD_SERVICE, emptyDocument(CLOUD_SERVICE)],
  ['a type', CLOUD_SERVICE_TYPE, { ...emptyDocument(CLOUD_SERVICE_TYPE), is_major: true, labels: ['a'] }],
  ['a region', REGION, { ...emptyDocument(REGION), tags: NESTED }],
])('%s is the same after it was packed', (_, kind, document) => {
  const row = new RowWriter()
  const columns = packDocument(row, kind, document)
  expect(Object.keys(columns)).toEqual(
    kind.columns.filter(({ type }) => type !== 'jsonb').map(({ name }) => name),
  )
  expect(unpackDocument(kind, { columns, fields: row.written })).toEqual(document)
})

it('documents of a batch stay what they are while others are kept, also those of the next batch', () => {
  const openMemory = createBatchMemories()
  const first = openMemory()
  const sizes = [1, 200_000, 100_000, 600_000, 3]
  const kept = sizes.map((size, at) => first.keep(new Uint8Array(size).fill(at + 1)))
  const second = openMemory()
  const other = second.keep(new Uint8Array(200_000).fill(9))
  expect(kept.map((bytes, at) => bytes.every((byte) => byte === at + 1))).toEqual(sizes.map(() => true))
  first.release()
  const third = openMemory()
  third.keep(new Uint8Array(250_000).fill(7))
  third.keep(new Uint8Array(250_000).fill(7))
  expect(other.every((byte) => byte === 9)).toBe(true)
})
