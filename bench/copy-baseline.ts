import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Connection } from '../src/storage/index.ts'
import { makeResource } from './documents.ts'

const COLUMNS = [
  'domain_id',
  'cloud_service_id',
  'name',
  'provider',
  'cloud_service_group',
  'cloud_service_type',
  'account',
  'region_code',
  'instance_type',
  'instance_size',
  'resource_id',
  'external_link',
  'created_at',
  'updated_at',
  'tags',
  'metadata',
  'data',
]

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1)

/**
 * One writer that does binary COPY of the same documents into the same table: what the disk and the indexes
 * allow. The rows are made before the clock starts. Returns seconds.
 */
export async function copyDocuments(
  connection: Connection,
  domainId: string,
  count: number,
): Promise<number> {
  const chunks = [...makeChunks(domainId, count)]
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    const startedAt = performance.now()
    const copy = client.query(
      copyFrom(`copy cloud_service (${COLUMNS.join(', ')}) from stdin with (format binary)`),
    )
    await pipeline(Readable.from(chunks), copy)
    return (performance.now() - startedAt) / 1_000
  } finally {
    await client.end()
  }
}

function* makeChunks(domainId: string, count: number): Generator<Buffer> {
  yield Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  let parts: Buffer[] = []
  for (let at = 0; at < count; at++) {
    parts.push(makeRow(domainId, at))
    if (parts.length === 32) {
      yield Buffer.concat(parts)
      parts = []
    }
  }
  const trailer = Buffer.alloc(2)
  trailer.writeInt16BE(-1)
  yield Buffer.concat([...parts, trailer])
}

function makeRow(domainId: string, at: number): Buffer {
  const resource = makeResource(at)
  const text = (value: unknown) => Buffer.from(String(value))
  const json = (value: unknown) => Buffer.concat([Buffer.from([1]), Buffer.from(JSON.stringify(value))])
  const reference = Object(resource.reference)
  const now = Buffer.alloc(8)
  now.writeBigInt64BE(BigInt(Date.now() - EPOCH_MS) * 1_000n)
  const size = Buffer.alloc(8)
  size.writeDoubleBE(Number(resource.instance_size))
  const fields = [
    text(domainId),
    text(`cloud-svc-${at.toString(16).padStart(12, '0')}`),
    text(resource.name),
    text(resource.provider),
    text(resource.cloud_service_group),
    text(resource.cloud_service_type),
    text(resource.account),
    text(resource.region_code),
    text(resource.instance_type),
    size,
    text(reference.resource_id),
    text(reference.external_link),
    now,
    now,
    json({ bench: resource.tags }),
    json({ bench: resource.metadata }),
    json(resource.data),
  ]
  const head = Buffer.alloc(2)
  head.writeInt16BE(fields.length)
  return Buffer.concat([head, ...fields.flatMap((field) => [lengthOf(field), field])])
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(field.length)
  return length
}
