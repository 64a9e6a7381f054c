-- What lists and statistics of cloud services stand on. docs/adr/0005-keyword-search.md has the reasons.
--
-- Prices are processor time of the server per new resource, inserted in batches of 1,000 with documents of 2 KB, where
-- all that was there before takes some 60 µs. Known and unchanged resources pay nothing: their rows are not touched.

-- What people filter, group and count by, in one narrow index. Values repeat, so that equal entries share their key: for
-- a million resources 20 MB without the project, 60 MB with projects that have nothing to do with accounts. Counts and
-- groups read it alone, whichever of its columns they name; a heap many times as wide stays unread. It takes the place of
-- cloud_service_kind, which lacked the state that every question asks for. 12 to 19 µs beside that one.
create index cloud_service_columns on cloud_service
  (domain_id, provider, cloud_service_group, cloud_service_type, region_code, account, state, project_id);
drop index cloud_service_kind;

-- The default order: a page of it is read off this index, without sorting a domain. 2 to 10 µs; 88 MB for a million.
create index cloud_service_name on cloud_service (domain_id, name, cloud_service_id);

-- array_to_string is only stable, because arrays of other types may print differently at another time; text does not.
create function keyword_lines(fields text[]) returns text
  language sql immutable parallel safe
  as $$ select lower(array_to_string(fields, E'\n')) $$;

-- What the words of a keyword are looked for in: the keyword fields, a line each, in lower case. Stored, because folding
-- the case of a million rows takes longer than looking through them. 18 µs; 150 bytes a row.
alter table cloud_service add column keywords text not null generated always as (
  keyword_lines(array[name, cloud_service_id, cloud_service_group, cloud_service_type, resource_id] || ip_addresses)
) stored;

-- Trigrams make finding a word of three letters or more independent of the size of the domain. 90 µs, the dearest of all;
-- 260 MB for a million. pg_trgm comes with PostgreSQL, but some servers lack it or let only their administrator add it;
-- keywords are then looked for row by row.
do $$
declare
  operators text;
begin
  begin
    create extension if not exists pg_trgm;
  exception when insufficient_privilege or feature_not_supported or undefined_file or invalid_schema_name then
    raise notice 'pg_trgm cannot be added here: keywords are found without an index';
  end;
  select format('%I.gin_trgm_ops', n.nspname) into operators
    from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace where o.opcname = 'gin_trgm_ops';
  if operators is not null then
    execute format('create index cloud_service_keywords on cloud_service using gin (keywords %s)', operators);
  end if;
end $$;
