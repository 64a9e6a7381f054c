/** The cluster's own id, the same for its whole life, wherever it listens. */
export const CLUSTER = `select system_identifier::text as id from pg_control_system()`

/**
 * Whether settings are shown that may hold a secret, such as file names and connections; others are shown to
 * everybody.
 */
export const MAY_READ_SETTINGS = `select pg_has_role('pg_read_all_settings', 'usage') as may`

/**
 * Sizes are rounded up to a power of two: that a table has grown a little is no news, and would be a change
 * in every run. Null where the role may not see it.
 */
const rounded = (size: string) =>
  `case when ${size} > 0 then power(2, ceil(log(2, ${size}::numeric)))::float8 else ${size}::float8 end`

export const DATABASES = `
  select datname as name, pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding,
         datcollate as collation, datistemplate as is_template, datallowconn as allows_connections,
         datconnlimit as connection_limit,
         ${rounded(`case when has_database_privilege(oid, 'connect') then pg_database_size(oid) end`)} as size_at_most_bytes
  from pg_database order by datname collate "C"`

/** Roles that PostgreSQL brings along are left out; what they are depends on its version alone. */
export const ROLES = `
  select rolname as name, rolsuper as is_superuser, rolcanlogin as can_login, rolcreatedb as can_create_databases,
         rolcreaterole as can_create_roles, rolreplication as can_replicate, rolbypassrls as bypasses_row_security,
         rolinherit as inherits, rolconnlimit as connection_limit, rolvaliduntil::text as valid_until,
         array(select pg_get_userbyid(roleid)::text from pg_auth_members where member = r.oid
               group by roleid order by 1) as member_of
  from pg_roles r where rolname not like 'pg\\_%' order by rolname collate "C"`

/** What this connection itself has set is left out. */
export const SETTINGS = `
  select name, reset_val as value, coalesce(unit, '') as unit, source, context, pending_restart
  from pg_settings
  where source not in ('client', 'session', 'interactive', 'test') and ($1::boolean or source <> 'default')
  order by name collate "C"`

export const SCHEMAS = `
  select nspname as name, pg_get_userbyid(nspowner) as owner
  from pg_namespace
  where nspname not like 'pg\\_%' and nspname <> 'information_schema' order by nspname collate "C"`

export const TABLES = `
  select n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner,
         case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'm' then 'materialized view'
              else 'foreign table' end as kind,
         c.relpersistence = 'u' as is_unlogged, c.relispartition as is_partition,
         c.relrowsecurity as has_row_security, c.relnatts::int as columns,
         ${rounded('pg_total_relation_size(c.oid)')} as size_at_most_bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm', 'f') and c.relpersistence <> 't'
    and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  order by n.nspname collate "C", c.relname collate "C"`

export const EXTENSIONS = `
  select e.extname as name, e.extversion as version, n.nspname as schema, pg_get_userbyid(e.extowner) as owner
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by e.extname collate "C"`
