-- Which workers there are, and what becomes of tasks that none of them may run. docs/adr/0062-pinned-collectors.md has the reasons.

-- Until now these were protected when a server starts.
select protect_tenant('collector_settings'), protect_tenant('lane'), protect_tenant('turn');

-- One row a worker, renewed every 2 s: a few writes a minute for each process. It belongs to no domain, and no connection of
-- the API reaches it.
create table worker (
  worker_id text        not null primary key,
  -- What it carries, 'key=value'.
  labels    text[]      not null default '{}',
  seen_at   timestamptz not null default now()
);

alter table lane
  -- Since when tasks wait in it that no live worker may run; null while none waits or somebody may.
  add column unserved_since timestamptz,
  -- When somebody last saw that. After a pause in which nobody looked the time begins anew.
  add column unserved_seen_at timestamptz;

-- Lanes of collectors that wait for their machine: what each worker asks for whenever it looks.
create index lane_unpinned on lane (domain_id, lane_id) where 'machine=?' = any(selector);
