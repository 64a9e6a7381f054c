import type { Sql } from '../../../storage/index.ts'
import type { SlotReport } from '../slot-report.ts'

// One statement for all that changed. The rows are few and written by their own host alone; a version's is
// written once in its life.
const STORE = `
with report as (
  select r.* from jsonb_to_recordset($2::jsonb)
      as r (domain_id text, plugin_id text, version text, state text, health text, image_digest text, started_at timestamptz, memory_bytes bigint,
            connections int, starts int, failed_starts int, deaths int, failed_at timestamptz, failure_code text, failure text,
            paused_until timestamptz, lines jsonb)
   where r.domain_id = ''
      or exists (select 1 from plugin p where p.domain_id = r.domain_id and p.plugin_id = r.plugin_id)
), process as (
  insert into plugin_process (domain_id, plugin_id, version, host_id, state, health, image_digest, started_at,
                              memory_bytes, connections, starts, failed_starts, deaths, failed_at, failure_code, failure, paused_until)
  select domain_id, plugin_id, version, $1, state, health, image_digest, started_at, memory_bytes, connections,
         starts, failed_starts, deaths, failed_at, failure_code, failure, paused_until
    from report
  on conflict (domain_id, plugin_id, version, host_id) do update
    set state = excluded.state, health = excluded.health, image_digest = excluded.image_digest, started_at = excluded.started_at,
        memory_bytes = excluded.memory_bytes, connections = excluded.connections, starts = excluded.starts,
        failed_starts = excluded.failed_starts, deaths = excluded.deaths, failed_at = excluded.failed_at,
        failure_code = excluded.failure_code, failure = excluded.failure, paused_until = excluded.paused_until, seen_at = now()
), first_run as (
  update plugin_version v set first_digest = r.image_digest
    from report r
   where v.domain_id = r.domain_id and v.plugin_id = r.plugin_id and v.version = r.version
     and v.first_digest = '' and r.image_digest <> ''
)
insert into plugin_log (domain_id, plugin_id, version, host_id, lines)
select domain_id, plugin_id, version, $1, array(select jsonb_array_elements_text(lines)) from report
on conflict (domain_id, plugin_id, version, host_id) do update set lines = excluded.lines
returning domain_id, plugin_id, version`

type Name = Pick<SlotReport, 'domainId' | 'pluginId' | 'version'>

/**
 * Writes what a host knows of the plugins it runs. Returns those that are gone, of which nothing is written:
 * nor is their domain told of them.
 */
export async function storeReports(
  sql: Sql,
  hostId: string,
  reports: readonly SlotReport[],
): Promise<readonly SlotReport[]> {
  const rows = reports.map(({ failure, logLines, ...report }) => ({
    domain_id: report.domainId,
    plugin_id: report.pluginId,
    version: report.version,
    state: report.state,
    health: report.health,
    image_digest: report.imageDigest,
    started_at: report.startedAt,
    memory_bytes: report.memoryBytes,
    connections: report.connections,
    starts: report.starts,
    failed_starts: report.failedStarts,
    deaths: report.deaths,
    failed_at: failure?.at,
    failure_code: failure?.code ?? '',
    failure: failure?.message ?? '',
    paused_until: report.pausedUntil,
    lines: logLines,
  }))
  const stored = await sql.query<Name>(STORE, [hostId, JSON.stringify(rows)])
  const names = new Set(stored.map(nameOf))
  return reports.filter((report) => !names.has(nameOf(report)))
}

function nameOf({ domainId, pluginId, version }: Name): string {
  return JSON.stringify([domainId, pluginId, version])
}
