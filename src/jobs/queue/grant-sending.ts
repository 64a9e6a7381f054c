/**
 * Lets connections that are bound to a domain send wake-ups, and read none: they hold ids of all domains.
 * Only what is missing is granted; where there is no such role, nothing.
 */
export function grantSending(schema: string): string {
  return `do $$
declare
  relation record;
  role name := tenant_role();
begin
  if role is null then return; end if;
  if not has_schema_privilege(role, '${schema}', 'usage') then
    execute format('grant usage on schema ${schema} to %I', role);
  end if;
  for relation in
    select c.oid::regclass as name, c.relname = 'queue' as is_queue from pg_class c
     where c.relnamespace = '${schema}'::regnamespace and c.relkind in ('r', 'p')
       and (c.relname = 'queue' and not has_table_privilege(role, c.oid, 'select')
         or not has_table_privilege(role, c.oid, 'insert')
              and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'start_after'))
  loop
    if relation.is_queue then
      execute format('grant select on %s to %I', relation.name, role);
    else
      execute format('grant insert, select (id, start_after) on %s to %I', relation.name, role);
    end if;
  end loop;
end $$`
}
