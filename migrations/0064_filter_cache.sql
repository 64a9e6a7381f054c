-- What a plugin wants to be asked for next time (`inventory.FilterCache`), by (collector, secret). One row a contributor, read
-- by primary key when a job with `use_cache` is planned; nothing else looks here.
create table filter_cache (
  domain_id      text        not null,
  contributor_id integer     not null,
  filter         jsonb       not null,
  -- The job that said so: what its tasks say is put together, what an earlier job said is replaced.
  job_id         text        not null,
  stored_at      timestamptz not null,
  primary key (domain_id, contributor_id),
  foreign key (domain_id, contributor_id) references contributor
);

select protect_tenant('filter_cache');

-- Frozen when the task is planned, so that all attempts and all parts of one job are called with the same filter.
alter table job_task add column cached_filter jsonb not null default '{}';
