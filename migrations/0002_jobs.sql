-- Jobs and their tasks. The job_task row is the truth about who works on what; the queue only wakes workers.

create table job (
  domain_id      text        not null references domain,
  job_id         text        not null,
  seq            bigint      not null generated always as identity,
  -- No foreign key: a job outlives its collector, with the collector_info frozen here.
  collector_id   text        not null,
  collector_info jsonb       not null,
  status         text        not null
                 check (status in ('CREATED', 'IN_PROGRESS', 'SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT')),
  filter         jsonb       not null default '{}',
  collect_mode   text        not null check (collect_mode in ('ALL', 'CREATE', 'UPDATE')),
  total_tasks    integer     not null,
  remained_tasks integer     not null check (remained_tasks >= 0),
  -- [{error_code, message, additional}], bounded in number and size by the code that adds to it.
  errors         jsonb       not null default '[]',
  project_id     text        not null default '',
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  finished_at    timestamptz,
  primary key (domain_id, job_id)
);

-- List of jobs, newest first, of a domain or of one collector.
create index job_newest on job (domain_id, created_at desc);
create index job_of_collector on job (domain_id, collector_id, created_at desc);

-- A (collector, secret): whose voice a contribution is. Runs of one contributor are always serial.
create table contributor (
  domain_id      text    not null references domain,
  contributor_id integer not null generated always as identity,
  collector_id   text    not null,
  secret_id      text    not null default '',
  -- Slots 0 … next_slot-1 are given out; a slot is a resource's place in this contributor's seen bitmaps.
  next_slot      integer not null default 0,
  -- Evaluation revision of the last run that was read to its end; another one means: refresh the memos.
  revision       text    not null default '',
  primary key (domain_id, contributor_id),
  unique (domain_id, collector_id, secret_id)
);

create table job_task (
  domain_id          text        not null,
  job_task_id        text        not null,
  -- Runs are ordered by this number, never by a clock.
  seq                bigint      not null generated always as identity,
  job_id             text        not null,
  collector_id       text        not null,
  contributor_id     integer     not null,
  secret_id          text        not null default '',
  provider           text        not null default '',
  service_account_id text        not null default '',
  project_id         text        not null default '',
  task_options       jsonb       not null default '{}',
  status             text        not null
                     check (status in ('PENDING', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'CANCELED')),
  -- The fencing token: every batch, receipt and finish locks this row where attempt = its own number, and writes
  -- nothing when the number has moved on.
  attempt            integer     not null default 0,
  lease_owner        text        not null default '',
  lease_expires_at   timestamptz,
  -- A PENDING task may be taken from this moment on (database clock): later than now after a failed attempt.
  due_at             timestamptz not null default now(),
  -- Attempts that ended in a failure worth repeating, and attempts whose worker vanished. Both have a limit, so
  -- that every task ends; an attempt that a stopping worker gave back counts in neither.
  failed_attempts    integer     not null default 0,
  lost_attempts      integer     not null default 0,
  -- A CANCELED task that was ended by its time limit.
  timed_out          boolean     not null default false,
  -- Resources, each counted once per task, at its first sighting in any attempt.
  created_count      integer     not null default 0,
  updated_count      integer     not null default 0,
  unchanged_count    integer     not null default 0,
  failure_count      integer     not null default 0,
  deleted_count      integer     not null default 0,
  disconnected_count integer     not null default 0,
  -- Cloud service types and regions, counted apart from cloud services.
  type_count         integer     not null default 0,
  region_count       integer     not null default 0,
  messages_read      bigint      not null default 0,
  bytes_read         bigint      not null default 0,
  errors             jsonb       not null default '[]',
  created_at         timestamptz not null,
  started_at         timestamptz,
  finished_at        timestamptz,
  primary key (domain_id, job_task_id),
  foreign key (domain_id, job_id) references job on delete cascade,
  foreign key (domain_id, contributor_id) references contributor
);

create index job_task_of_job on job_task (domain_id, job_id);
create index job_task_newest on job_task (domain_id, created_at desc);
-- Few rows in each, whatever the history: what to take next, whose lease ran out, who is ahead of whom.
create index job_task_pending on job_task (seq) where status = 'PENDING';
create index job_task_leased on job_task (lease_expires_at) where status = 'IN_PROGRESS';
create index job_task_line on job_task (domain_id, contributor_id, seq) where status in ('PENDING', 'IN_PROGRESS');
-- One (collector, secret) is always serial, also when two workers take tasks at the same moment.
create unique index job_task_serial on job_task (domain_id, contributor_id) where status = 'IN_PROGRESS';
