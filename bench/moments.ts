/**
 * The past: what it takes to ask for the inventory of an instant, and for what two of them differ in, after a
 * year of changes.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../src/access/index.ts'
import { QuerySchema, StatisticsQuerySchema } from '../src/gen/spaceone/api/core/v1/query_pb.ts'
import { diffPast, listCloudServices, listPast, statPast } from '../src/inventory/index.ts'
import { type Database, openDatabase, sqlState } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { benchContext } from './bench-context.ts'
import { median, printFigure, printMedian } from './figures.ts'
import { fillInventory } from './fill-inventory.ts'
import { fillYear } from './fill-year.ts'

const DOMAIN = 'domain-bench'
/** SQLSTATE. */
const CANCELED_BY_TIME_LIMIT = '57014'

export async function benchMoments({ count, repeats }: { count: number; repeats: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const log = createLogger({ level: 'warn' })
  const migrations = join(import.meta.dirname, '..', 'migrations')
  const opened = await openDatabase({ dataDir: join(folder, 'data'), migrations, log })
  try {
    const { database, connection } = opened
    // A tenth came in the course of the year.
    const createdAt = `now() - interval '365 days' * (case when n % 10 = 3 then (n % 36500) / 36500.0 else 1.0 + n / 1e8 end)`
    const seconds = await fillInventory(connection, { domainId: DOMAIN, count, otherCount: 0, createdAt })
    await database.query(`update domain set created_at = now() - interval '800 days'`)
    await fillYear(connection, DOMAIN, count)
    printFigure('moments.fill_seconds', seconds, 's')
    await printSizes(database)
    // As a request asks: behind row-level security.
    const ctx = benchContext(database.boundTo(DOMAIN), log)
    for (const one of CASES) await measure(ctx, one, repeats)
  } finally {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function printSizes(db: Database): Promise<void> {
  const [row] = await db.query<{ resources: number; history: number; records: number }>(
    `select pg_total_relation_size('cloud_service')::float8 as resources, count(*)::int as records,
            (pg_total_relation_size('change_record') + pg_total_relation_size('unrecorded_change'))::float8 as history
       from change_record`,
  )
  const { resources, history, records } = row ?? { resources: 1, history: 0, records: 0 }
  printFigure('moments.records', records, 'rows')
  printFigure('moments.snapshot_mb', resources / 1e6, 'MB')
  printFigure('moments.history_mb', history / 1e6, 'MB')
  printFigure('moments.storage_to_snapshot', (resources + history) / resources, 'ratio')
}

type Case = { readonly figure: string; readonly ask: (ctx: Context) => Promise<number> }

/** The first turn only warms up. What takes so long that a caller would be refused is told as that. */
async function measure(ctx: Context, { figure, ask }: Case, repeats: number): Promise<void> {
  const times: number[] = []
  let found = 0
  for (let turn = 0; turn <= repeats; turn++) {
    const startedAt = performance.now()
    const answer = await ask(ctx).catch(undefinedIfTooLong)
    if (answer === undefined) {
      printFigure(`${figure}.refused_after_ms`, performance.now() - startedAt, 'ms')
      return
    }
    found = answer
    if (turn > 0) times.push(performance.now() - startedAt)
  }
  printMedian(`${figure}.ms`, times, 'ms')
  printFigure(`${figure}.found`, found, 'rows')
  if (median(times) > 1_000) await new Promise((resolve) => setImmediate(resolve))
}

function undefinedIfTooLong(thrown: unknown): undefined {
  if (sqlState(thrown) !== CANCELED_BY_TIME_LIMIT) throw thrown
  return undefined
}

function list(figure: string, query: JsonObject): readonly Case[] {
  const parsed = fromJson(QuerySchema, query)
  const past = (name: string, asOf: string): Case => ({
    figure: `moments.${figure}.${name}`,
    ask: async (ctx) => (await listPast(ctx, { domainId: DOMAIN, asOf, text: '', query: parsed })).totalCount,
  })
  return [
    {
      figure: `moments.${figure}.now`,
      ask: async (ctx) => (await listCloudServices(ctx, { domainId: DOMAIN, query: parsed })).totalCount,
    },
    ...AGES.map(([name, asOf]) => past(name, asOf)),
  ]
}

function stat(asOf: string, name: string): Case {
  const keys = [
    { key: 'provider', name: 'provider' },
    { key: 'region_code', name: 'region' },
  ]
  const aggregate = [{ group: { keys, fields: [{ name: 'total', operator: 'count' }] } }]
  const query = fromJson(StatisticsQuerySchema, { aggregate })
  return {
    figure: `moments.stat.${name}`,
    ask: async (ctx) => {
      const { results } = await statPast(ctx, { domainId: DOMAIN, asOf, text: '', query })
      return Array.isArray(results) ? results.length : 0
    },
  }
}

function diff(name: string, from: string, to: string, filter: readonly JsonObject[] = []): Case {
  const query = fromJson(QuerySchema, { filter: [...filter], page: { limit: 50 } })
  return {
    figure: `moments.diff.${name}`,
    ask: async (ctx) => {
      const span = { domainId: DOMAIN, from, to, difference: '', text: '', query }
      return (await diffPast(ctx, span)).totalCount
    },
  }
}

const AGES = [
  ['day', 'now - 1d'],
  ['week', 'now - 7d'],
  ['month', 'now - 30d'],
  ['year', 'now - 360d'],
] as const

const IN_REGION = [
  { k: 'provider', v: 'cloud-a', o: 'eq' },
  { k: 'region_code', v: 'eu-3', o: 'eq' },
]

const CASES: readonly Case[] = [
  ...list('count', { count_only: true }),
  ...list('count_by_column', { filter: IN_REGION, count_only: true }),
  ...list('page', { filter: IN_REGION, sort: { key: 'name' }, page: { limit: 50 } }),
  ...list('page_by_document', {
    filter: [...IN_REGION, { k: 'data.status.health', v: 'bad', o: 'eq' }],
    page: { limit: 50 },
  }).slice(0, 4),
  ...AGES.map(([name, asOf]) => stat(asOf, name)),
  diff('two_days', 'now - 2d', 'now'),
  diff('two_days_filtered', 'now - 2d', 'now', IN_REGION),
  diff('two_days_half_a_year_ago', 'now - 182d', 'now - 180d'),
  diff('week', 'now - 7d', 'now'),
  diff('month', 'now - 30d', 'now'),
]
