-- Schedules: when a collector starts a job by itself.

create table schedule (
  domain_id         text        not null references domain,
  schedule_id       text        not null,
  collector_id      text        not null,
  name              text        not null default '',
  -- Mode and filter of the jobs it starts.
  collect_mode      text        not null check (collect_mode in ('ALL', 'CREATE', 'UPDATE')),
  filter            jsonb       not null default '{}',
  -- The plan: exactly one of a cron expression, an interval, or times of day.
  cron              text        not null default '',
  interval_s        integer     not null default 0 check (interval_s between 0 and 3600),
  minutes           integer[]   not null default '{}',
  hours             integer[]   not null default '{}',
  -- Where cron and times of day are read; an IANA name.
  time_zone         text        not null default 'UTC',
  -- The moment an interval counts from: creation, or the last change of the plan.
  counts_from       timestamptz not null,
  -- The next due time, decided when the one before it was used up. Null when the plan never comes due again. Any
  -- number of schedulers compare it with the database's clock; whoever fires moves it on in the same transaction.
  next_due_at       timestamptz,
  -- The due time that passed while no scheduler ran, if next_due_at is the moment chosen to make up for it.
  missed_at         timestamptz,
  last_scheduled_at timestamptz,
  created_at        timestamptz not null,
  primary key (domain_id, schedule_id),
  foreign key (domain_id, collector_id) references collector on delete cascade,
  check ((cron <> '')::integer + (interval_s > 0)::integer
         + (cardinality(minutes) + cardinality(hours) > 0)::integer = 1)
);

-- What is due, of all domains, oldest first. Costs one entry moved each time a schedule fires, which no other write has.
create index schedule_due on schedule (next_due_at) where next_due_at is not null;
-- The schedules of a collector: their list, and the cascade when it is deleted.
create index schedule_of_collector on schedule (domain_id, collector_id);

select protect_tenant('schedule');
