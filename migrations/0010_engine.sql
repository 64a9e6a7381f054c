-- How tasks are prepared, limited and given to workers. docs/adr/0011-parts-and-turns.md has the reasons.

-- How a collector's jobs are run. A collector without a row has the defaults.
create table collector_settings (
  domain_id          text    not null,
  collector_id       text    not null,
  -- What a new job does while others of the collector are open.
  overlap_policy     text    not null default 'PARALLEL'
                     check (overlap_policy in ('PARALLEL', 'SKIP', 'QUEUE', 'REPLACE')),
  -- Labels that a worker must carry to run its tasks, 'key=value', sorted.
  worker_selector    text[]  not null default '{}',
  -- Its tasks that may run at once; 0: no limit of its own.
  max_parallel_tasks integer not null default 0 check (max_parallel_tasks >= 0),
  primary key (domain_id, collector_id),
  foreign key (domain_id, collector_id) references collector on delete cascade
);

-- Tasks of a domain that need the same plugin and the same workers wait in one lane, in order. Whether a lane may move is
-- decided once for all its tasks, so that taking one stays cheap however many wait. Lanes are few and stay.
create table lane (
  domain_id    text    not null references domain,
  lane_id      integer not null generated always as identity,
  plugin_id    text    not null,
  provider     text    not null default '',
  selector     text[]  not null default '{}',
  -- Only where the collector has a limit of its own.
  collector_id text    not null default '',
  -- Tasks that may run at once, of the plugin on all servers (its metadata's `concurrency`) and of the collector; null: any.
  plugin_limit    integer,
  collector_limit integer,
  primary key (domain_id, lane_id),
  unique (domain_id, plugin_id, provider, selector, collector_id)
);

-- Which domain was served last: those that wait longest come first when they have equally much running.
create table turn (
  domain_id text   not null primary key references domain,
  taken     bigint not null
);
create sequence turn_number;

alter table job_task
  -- Whether the task is what its plugin wants as one part: `Job.get_tasks` was asked and its answer is stored.
  -- Tasks that are open while this is applied are asked once more, which changes nothing for them.
  add column is_prepared boolean not null default false,
  -- Null while the job is held back because others of its collector come first.
  add column lane_id integer,
  -- Code and message of the last attempt that failed and was repeated.
  add column last_failure text not null default '';

insert into lane (domain_id, plugin_id, provider)
select distinct c.domain_id, c.plugin_id, c.provider from collector c
  join job_task t using (domain_id, collector_id) where t.status in ('PENDING', 'IN_PROGRESS');
update job_task t set lane_id = l.lane_id
  from collector c join lane l on l.domain_id = c.domain_id and l.plugin_id = c.plugin_id and l.provider = c.provider
 where t.domain_id = c.domain_id and t.collector_id = c.collector_id and t.status in ('PENDING', 'IN_PROGRESS');

-- Replaces the index by seq alone: which lanes have something waiting, and what is first in each.
drop index job_task_pending;
create index job_task_waiting on job_task (domain_id, lane_id, seq) where status = 'PENDING' and lane_id is not null;

-- The open jobs of a collector: few, whatever its history.
create index job_open on job (domain_id, collector_id, seq) where status in ('CREATED', 'IN_PROGRESS');
