import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../../src/access/index.ts'
import { InvalidParameter } from '../../src/core/errors.ts'
import { type Query, QuerySchema } from '../../src/gen/spaceone/api/core/v1/query_pb.ts'
import {
  bool,
  collection,
  compileList,
  document,
  type Entity,
  enumeration,
  float,
  int,
  type ListInput,
  listEntities,
  object,
  text,
  textList,
  timestamp,
} from '../../src/query/index.ts'
import type { Database } from '../../src/storage/index.ts'
import { silentLog } from '../support/silent-log.ts'

/** The present of these tests: a Wednesday. */
export const NOW = new Date('2026-01-07T15:30:20.500Z')

export type SampleView = Record<string, unknown>

/** A noun with a field of every kind, so that the language is tested apart from the inventory. */
export const sampleEntity: Entity<SampleView> = {
  noun: 'sample',
  table: 'sample',
  key: 'sample_id',
  fields: {
    sample_id: text('t.sample_id'),
    name: text('t.name'),
    owner: text('t.owner', { nullable: true }),
    state: enumeration('t.state', { NONE: 0, OPEN: 1, CLOSED: 2 }),
    size: int('t.size', { nullable: true }),
    big: int('t.big', { nullable: true }),
    ratio: float('t.ratio', { nullable: true }),
    is_open: bool('t.is_open', { nullable: true }),
    seen_at: timestamp('t.seen_at', { nullable: true }),
    addresses: textList('t.addresses'),
    data: document('t.data'),
    tags: document('t.tags', { depth: 1 }),
    by_provider: document('t.by_provider', { depth: 2 }),
    sample_key: text(`(t.owner || '.' || t.name)`, { nullable: true }),
    reference: object({ external_id: text('t.external_id'), options: document('t.options') }),
    notes: collection({
      from: 'sample_note n where n.domain_id = t.domain_id and n.sample_id = t.sample_id',
      fields: { author: text('n.author'), stars: int('n.stars') },
      shown: ['written_at'],
      load: async (sql, domainId, keys) => {
        const rows = await sql.query<{ sampleId: string; notes: unknown }>(
          `select sample_id, json_agg(json_build_object('author', author, 'stars', stars) order by author) as notes
           from sample_note where domain_id = $1 and sample_id = any($2) group by sample_id`,
          [domainId, keys],
        )
        return new Map(rows.map((row) => [row.sampleId, row.notes]))
      },
    }),
  },
  keywords: ['sample_id', 'name', 'addresses', 'reference.external_id'],
  sort: [{ key: 'name' }],
  minimal: ['sample_id', 'name', 'reference.external_id'],
  requestFields: {
    name: 'name',
    state: 'state',
    size: 'size',
    is_open: 'is_open',
    address: 'addresses',
    external_id: 'reference.external_id',
  },
  hidden: { field: 'state', value: 'CLOSED' },
}

const TABLES = `
  create table sample (
    domain_id text not null, sample_id text not null, name text not null default '', owner text,
    state text not null default 'OPEN', size integer, big bigint, ratio double precision, is_open boolean,
    seen_at timestamptz, addresses text[] not null default '{}', data jsonb not null default '{}',
    tags jsonb not null default '{}', by_provider jsonb not null default '{}',
    external_id text not null default '', options jsonb not null default '{}',
    primary key (domain_id, sample_id));
  create table sample_note (domain_id text not null, sample_id text not null, author text not null, stars integer not null)`

export async function createSampleTables(db: Database): Promise<void> {
  for (const statement of TABLES.split(';')) await db.query(statement)
}

/** Inserts rows given as column values; what is left out has its default. */
export async function givenSamples(
  db: Database,
  domainId: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (const row of rows) {
    const columns = ['domain_id', ...Object.keys(row)]
    const values = [domainId, ...Object.values(row).map(toParameter)]
    const holders = values.map((_, at) => `$${at + 1}`)
    await db.query(`insert into sample (${columns.join(', ')}) values (${holders.join(', ')})`, values)
  }
}

function toParameter(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? JSON.stringify(value)
    : value
}

export function toQuery(json: JsonObject): Query {
  return fromJson(QuerySchema, json)
}

export function testContext(db: Database, signal: AbortSignal = new AbortController().signal): Context {
  return {
    requestId: 'req-1',
    principal: { kind: 'anonymous' },
    signal,
    db,
    now: () => NOW,
    log: silentLog,
  }
}

/** The ids that a query finds, in the order found. */
export async function findIds(
  db: Database,
  domainId: string,
  query: JsonObject,
  equals: NonNullable<ListInput['equals']> = {},
): Promise<readonly string[]> {
  const { rows } = await listEntities(testContext(db), sampleEntity, {
    domainId,
    query: toQuery(query),
    equals,
  })
  return rows.map((row) => String(row.sampleId))
}

/** The refusal that compiling this query ends with. */
export function refusalOf(query: Query): InvalidParameter {
  try {
    compileList(sampleEntity, { domainId: 'domain-1', query })
  } catch (thrown) {
    if (thrown instanceof InvalidParameter) return thrown
    throw thrown
  }
  throw new Error('the query was accepted')
}
