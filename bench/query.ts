/**
 * Queries: how near the verbs come to the best SQL one would write by hand for the same answer, on the same
 * database.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../src/access/index.ts'
import { QuerySchema, StatisticsQuerySchema } from '../src/gen/spaceone/api/core/v1/query_pb.ts'
import { cloudServiceEntity, listCloudServices } from '../src/inventory/index.ts'
import { statEntities } from '../src/query/index.ts'
import { type Database, openDatabase } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { benchContext } from './bench-context.ts'
import { median, printFigure, printMedian } from './figures.ts'
import { fillInventory } from './fill-inventory.ts'

export async function benchQuery({ count, repeats }: { count: number; repeats: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const log = createLogger({ level: 'warn' })
  const migrations = join(import.meta.dirname, '..', 'migrations')
  const opened = await openDatabase({ dataDir: join(folder, 'data'), migrations, log })
  try {
    const seconds = await fillInventory(opened.connection, {
      domainId: DOMAIN,
      count,
      otherCount: Math.ceil(count / 50),
    })
    printFigure('query.fill_seconds', seconds, 's')
    // As a request asks: behind row-level security. The statements by hand run without.
    const ctx = benchContext(opened.database.boundTo(DOMAIN), log)
    for (const one of CASES) await measure(ctx, opened.database, one, repeats)
  } finally {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Case = {
  readonly figure: string
  /** What a caller asks for; returns what must agree with the hand-written statements. */
  readonly ask: (ctx: Context) => Promise<number>
  readonly byHand: (db: Database) => Promise<number>
}

/**
 * Verb and SQL take turns, so that what disturbs the machine disturbs both alike; the first turn only warms
 * up.
 */
async function measure(
  ctx: Context,
  whole: Database,
  { figure, ask, byHand }: Case,
  repeats: number,
): Promise<void> {
  const times: { ask: number[]; byHand: number[] } = { ask: [], byHand: [] }
  for (let turn = 0; turn <= repeats; turn++) {
    const asked = await timed(() => ask(ctx))
    const written = await timed(() => byHand(whole))
    if (asked.result !== written.result) {
      throw new Error(`${figure}: the verb found ${asked.result}, the SQL ${written.result}`)
    }
    if (turn === 0) continue
    times.ask.push(asked.ms)
    times.byHand.push(written.ms)
  }
  printMedian(`${figure}.ms`, times.ask, 'ms')
  printMedian(`${figure}.sql_ms`, times.byHand, 'ms')
  printFigure(`${figure}.ratio_to_sql`, median(times.ask) / median(times.byHand), 'ratio')
}

async function timed(run: () => Promise<number>): Promise<{ readonly ms: number; readonly result: number }> {
  const startedAt = performance.now()
  const result = await run()
  return { ms: performance.now() - startedAt, result }
}

function list(query: JsonObject): Case['ask'] {
  return async (ctx) => {
    const input = { domainId: DOMAIN, query: fromJson(QuerySchema, query) }
    const { rows, totalCount } = await listCloudServices(ctx, input)
    return totalCount * 1_000 + rows.length
  }
}

/**
 * Three statements in one snapshot: the count, the page, which finds its rows first and reads documents for
 * those alone, and who reports them. The newest run stands for the one that saw them last, which the verb has
 * to find out.
 */
function page(where: string, params: readonly unknown[], order: string): Case['byHand'] {
  return async (db) =>
    db.transaction(
      async (tx) => {
        const [counted] = await tx.query<{ n: number }>(
          `select count(*) as n from cloud_service where domain_id = '${DOMAIN}' and ${where}`,
          params,
        )
        const rows = await tx.query<{ cloudServiceId: string }>(
          `select t.* from (select cloud_service_id from cloud_service where domain_id = '${DOMAIN}' and ${where}
                            order by ${order} limit 50) p
           join cloud_service t on t.domain_id = '${DOMAIN}' and t.cloud_service_id = p.cloud_service_id
           order by ${order.replaceAll(/\b(name|cloud_service_id)\b/g, 't.$1')}`,
          params,
        )
        await tx.query(REPORTS, [DOMAIN, rows.map(({ cloudServiceId }) => cloudServiceId)])
        return (counted?.n ?? 0) * 1_000 + rows.length
      },
      { readOnly: true },
    )
}

const REPORTS = `
  select c.target_id, w.collector_id, w.secret_id, r.job_task_id, r.finished_at
  from contribution c join contributor w using (domain_id, contributor_id)
  left join lateral (select * from run where run.domain_id = $1 and run.contributor_id = c.contributor_id
                     order by run.task_seq desc limit 1) r on true
  where c.domain_id = $1 and c.target_id = any($2)`

function stat(query: JsonObject): Case['ask'] {
  return async (ctx) => {
    const input = { domainId: DOMAIN, query: fromJson(StatisticsQuerySchema, query) }
    const { results } = await statEntities(ctx, cloudServiceEntity, input)
    return Array.isArray(results) ? results.length : -1
  }
}

function groups(statement: string, params: readonly unknown[] = []): Case['byHand'] {
  return async (db) => (await db.query(statement, params)).length
}

const DOMAIN = 'domain-bench'
/** A kind with an eighteenth of all resources. */
const KIND = { provider: 'cloud-a', group: 'Network', type: 'Gateway' }
const BY_KIND = [
  { k: 'provider', v: KIND.provider, o: 'eq' },
  { k: 'cloud_service_group', v: KIND.group, o: 'eq' },
  { k: 'cloud_service_type', v: KIND.type, o: 'eq' },
]
const count = { name: 'resources', operator: 'count' }

const CASES: readonly Case[] = [
  {
    figure: 'query.list_1m',
    ask: list({
      filter: [
        { k: 'provider', v: 'cloud-a', o: 'eq' },
        { k: 'region_code', v: 'eu-3', o: 'eq' },
      ],
      sort: { keys: [{ key: 'name' }] },
      page: { start: 1, limit: 50 },
    }),
    byHand: page(
      `provider = $1 and region_code = $2 and state <> 'DELETED'`,
      ['cloud-a', 'eu-3'],
      'name, cloud_service_id',
    ),
  },
  {
    figure: 'query.keyword_1m',
    ask: list({ keyword: 'a1b2c', page: { start: 1, limit: 50 } }),
    byHand: page(`keywords like $1 and state <> 'DELETED'`, ['%a1b2c%'], 'name, cloud_service_id'),
  },
  {
    figure: 'query.stat_1m',
    ask: stat({
      aggregate: [
        {
          group: {
            keys: [
              { key: 'provider', name: 'provider' },
              { key: 'region_code', name: 'region' },
              { key: 'account', name: 'account' },
            ],
            fields: [count],
          },
        },
      ],
    }),
    byHand: groups(
      `select provider, region_code, account, count(*) from cloud_service
       where domain_id = '${DOMAIN}' and state <> 'DELETED' group by provider, region_code, account`,
    ),
  },
  {
    figure: 'query.json_group',
    ask: stat({
      filter: BY_KIND,
      aggregate: [{ group: { keys: [{ key: 'data.network.vpc.id', name: 'vpc' }], fields: [count] } }],
    }),
    byHand: groups(
      `select data #>> '{network,vpc,id}' as vpc, count(*) from cloud_service
       where domain_id = '${DOMAIN}' and provider = $1 and cloud_service_group = $2 and cloud_service_type = $3
         and state <> 'DELETED'
       group by 1`,
      [KIND.provider, KIND.group, KIND.type],
    ),
  },
]
