/**
 * What connections of keys that are bound to projects see, beside the policy of the domain: policies of their
 * role alone, so that nobody else's queries pay for them. Which one a table gets follows from its columns, so
 * that a new table gets the right one by itself: a project's own rows; what hangs on a row that is visible;
 * what all share. Anything else can be written (events) and not read. Run at each start; a table that has one
 * keeps it.
 */
export const PROTECT_PROJECTS = `do $$
declare
  relation record;
  role name := regexp_replace(tenant_role(), '_tenant$', '_project');
  own constant text := $own$project_id = any (string_to_array(current_setting('gleaner.project_ids', true), ','))$own$;
  visible text;
  writable text;
begin
  for relation in
    select c.oid::regclass as name, c.relname,
           array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
      from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relrowsecurity
       and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'project')
  loop
    visible := case
      when relation.relname = 'collector' then '(is_public or ' || own || ')'
      when relation.relname = 'job_task' then '(' || own || ' or exists (select from job j
        where j.domain_id = job_task.domain_id and j.job_id = job_task.job_id))'
      -- What happened to a job is told with the job; what somebody wrote by hand with what was written;
      -- what somebody decided about a hold with its collector.
      when relation.relname = 'event' then $event$(case
        when job_id <> '' then exists (select from job j where j.domain_id = event.domain_id and j.job_id = event.job_id)
        when type like 'cloud_service.%' then exists (select from cloud_service s
          where s.domain_id = event.domain_id and s.cloud_service_id = any (event.resource_ids))
        when type like 'hold.%' then exists (select from collector c
          where c.domain_id = event.domain_id and c.collector_id = event.collector_id)
        else true end)$event$
      when 'project_id' = any (relation.columns) then own
      when relation.relname in ('domain', 'region', 'cloud_service_type') or relation.relname like 'plugin%' then 'true'
      when relation.relname = 'api_key' then 'false'
      else coalesce((
        select format('exists (select from %1$I parent where parent.domain_id = %2$I.domain_id and parent.%3$I = %2$I.%3$I)',
                      parent, relation.relname, key)
          from unnest(array['cloud_service', 'job', 'secret', 'collector', 'contributor']) with ordinality as p (parent, at)
          cross join lateral (select parent || '_id' as key) k
         where parent <> relation.relname and key = any (relation.columns) and to_regclass(parent) is not null
         order by at limit 1), 'false') end;
    writable := case when relation.relname = 'collector' then own
                     when relation.relname = 'event' then 'true'
                     when visible = 'false' and relation.relname <> 'api_key' then 'true'
                     else visible end;
    execute format('create policy project on %s as restrictive to %I using (%s) with check (%s)',
                   relation.name, role, visible, writable);
  end loop;
end $$`
