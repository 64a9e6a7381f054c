import pg from 'pg'
import { CONNECT_WITHIN_MS, type Connection, describeConnection } from './connection.ts'
import { sqlState, toDatabaseError } from './database-errors.ts'
import { letLikeUseIndexes } from './let-like-use-indexes.ts'
import type { Log } from './log.ts'
import { PROTECT_PROJECTS } from './project-policies.ts'

type TenantRoleOptions = { readonly connection: Connection; readonly log: Log }

/**
 * Sees to it that every table and view with a `domain_id` is behind the second wall, and that there is a role
 * that is held by it. Returns the role's name; undefined where this user may not create one: the server then
 * works without the second wall, and says so. Repeating it changes nothing.
 */
export async function prepareTenantRole({ connection, log }: TenantRoleOptions): Promise<string | undefined> {
  const client = new pg.Client({
    ...connection,
    application_name: 'gleaner migrate',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  })
  client.on('error', (error) => log.warn({ err: error.message }, 'connection lost while preparing roles'))
  try {
    await client.connect()
    if (!(await knowsTenants(client))) return undefined
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY])
    await client.query(PROTECT_THE_REST)
    const role = (await findRole(client)) ?? (await createRoles(client))
    if (role !== undefined) {
      await client.query(GRANT)
      await client.query(PROTECT_PROJECTS)
    }
    const isIndexed = await letLikeUseIndexes(client)
    await client.query('commit')
    if (role === undefined) warnWithoutWall(log, await wantedRoles(client), describeConnection(connection))
    else if (!isIndexed) log.info({ at: describeConnection(connection) }, KEYWORDS_ROW_BY_ROW)
    return role
  } catch (thrown) {
    throw toDatabaseError(thrown, describeConnection(connection))
  } finally {
    await client.end().catch(() => {})
  }
}

const KEYWORDS_ROW_BY_ROW =
  'keywords are looked for without their index, because only a superuser of this database can let row-level security use it: alter function pg_catalog.textlike(text, text) leakproof'

/** Servers that start together take turns, as they do for migrations. */
const LOCK_KEY = 7_261_093_355

async function knowsTenants(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regproc('protect_tenant') is not null as known`,
  )
  return rows[0]?.known ?? false
}

/** The role of keys that are bound to projects: it may what tenants may, under policies of its own. */
export function projectRoleOf(tenantRole: string): string {
  return tenantRole.replace(/_tenant$/, '_project')
}

async function findRole(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ role: string | null }>(
    `select case when exists (select from pg_roles where rolname = regexp_replace(tenant_role(), '_tenant$', '_project'))
                 then tenant_role() end as role`,
  )
  return rows[0]?.role ?? undefined
}

/**
 * Another Gleaner of the same user, on another database of this server, may create the role at the same
 * moment.
 */
async function createRoles(client: pg.Client): Promise<string | undefined> {
  await client.query('savepoint role')
  try {
    await client.query(CREATE_ROLES)
    return await findRole(client)
  } catch (thrown) {
    if (!['42501', '42710', '23505'].includes(sqlState(thrown) ?? '')) throw thrown
    await client.query('rollback to savepoint role')
    return await findRole(client)
  }
}

type WantedRoles = { readonly role: string; readonly project: string; readonly user: string }

async function wantedRoles(client: pg.Client): Promise<WantedRoles> {
  const { rows } = await client.query<WantedRoles>(
    `select quote_ident(left(session_user, 56) || '_tenant') as role,
            quote_ident(left(session_user, 56) || '_project') as project, quote_ident(session_user) as "user"`,
  )
  return rows[0] ?? { role: '', project: '', user: '' }
}

function warnWithoutWall(log: Log, { role, project, user }: WantedRoles, where: string): void {
  log.warn(
    { at: where, missing: role },
    `row-level security is not in force: this database user may not create the role ${role} that requests would run as. Domains are kept apart by the server's own checks alone. An administrator adds it with: create role ${role} nologin; create role ${project} nologin; grant ${role} to ${project}; grant ${role}, ${project} to ${user}; then start Gleaner again`,
  )
}

/** Every migration protects its own tables; what one forgot is found here. */
const PROTECT_THE_REST = `do $$
declare
  relation record;
begin
  for relation in
    select c.oid::regclass as name, c.relkind from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'domain_id' and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace
       and (c.relkind in ('r', 'p') and not c.relrowsecurity
         or c.relkind = 'v' and not coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on'], false))
  loop
    if relation.relkind = 'v' then
      execute format('alter view %s set (security_invoker = true)', relation.name);
    else
      perform protect_tenant(relation.name);
    end if;
  end loop;
end $$`

const CREATE_ROLES = `do $$
declare
  owner constant text := left(session_user, 56);
  role text;
begin
  foreach role in array array[owner || '_tenant', owner || '_project'] loop
    if not exists (select from pg_roles where rolname = role) then execute format('create role %I nologin', role); end if;
    if not pg_has_role(session_user, role, 'member') then execute format('grant %I to %I', role, session_user); end if;
  end loop;
  execute format('grant %I to %I', owner || '_tenant', owner || '_project');
end $$`

/**
 * Rights on what is protected, and on nothing else: a table without a domain is out of the API's reach. The
 * audit is only read; `append_audit` writes it, as the owner. Only what is missing is granted, so that a
 * start that finds everything in place writes nothing.
 */
const GRANT = `do $$
declare
  relation record;
  role name := tenant_role();
begin
  if not has_schema_privilege(role, current_schema(), 'usage') then
    execute format('grant usage on schema %I to %I', current_schema(), role);
  end if;
  for relation in
    select c.oid::regclass as name, c.relname, c.relkind from pg_class c
     where c.relnamespace = current_schema()::regnamespace
       and (c.relkind in ('r', 'p') and c.relrowsecurity
              and not has_table_privilege(role, c.oid, case when c.relname like 'audit%' then 'select' else 'delete' end)
         or c.relkind = 'v' and not has_table_privilege(role, c.oid, 'select')
              and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'domain_id')
         or c.relkind = 'S' and not has_sequence_privilege(role, c.oid, 'usage'))
  loop
    execute format(
      case relation.relkind
        when 'S' then 'grant usage on sequence %s to %I'
        when 'v' then 'grant select on %s to %I'
        else 'grant select' || case when relation.relname like 'audit%' then '' else ', insert, update, delete' end
             || ' on %s to %I' end,
      relation.name, role);
  end loop;
end $$`
