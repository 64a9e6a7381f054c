-- The second wall between tenants: a connection of the API sees the rows of the one domain that it is bound to, whatever a
-- statement forgets to ask. docs/adr/0006-second-wall.md has the reasons.

-- Shows of a table with a `domain_id` only the rows of the bound domain, and takes no others. Tables with a domain_id that
-- no migration has named are found and protected when a server starts; call it anyway, beside the table.
-- Owners of tables are not held by their policies: worker, scheduler and migrations see everything.
create function protect_tenant(table_name regclass) returns void
  language plpgsql
  as $$
begin
  execute format('alter table %s enable row level security', table_name);
  if not exists (select from pg_policy where polrelid = table_name and polname = 'tenant') then
    -- A setting is text: the planner takes it together with the domain_id that statements name, so that indexes serve both
    -- and the policy costs one comparison a statement. Unset it is null, and no row is visible.
    execute format(
      $policy$create policy tenant on %s using (domain_id = current_setting('gleaner.domain_id', true))$policy$,
      table_name);
  end if;
end $$;

-- The role that connections of the API take; null where there is none, because this user may not create roles.
create function tenant_role() returns name
  language sql stable
  as $$
  select rolname from pg_roles
   where rolname = left(session_user, 56) || '_tenant' and pg_has_role(session_user, oid, 'member')
$$;

select protect_tenant(t) from unnest(array[
  'domain', 'collector', 'job', 'contributor', 'job_task', 'cloud_service', 'cloud_service_type', 'region', 'contribution',
  'sighting', 'run', 'change_record', 'past_task']::regclass[]) t;

-- A view reads its tables as who asks, or it would be a hole in the wall.
alter view known_task set (security_invoker = true);
alter view change_history set (security_invoker = true);
