-- How long a domain keeps what only grows. docs/guide/operations.md says what is never removed.

create table domain_settings (
  domain_id    text        not null primary key references domain on delete cascade,
  -- Days; 0 keeps for ever.
  job_days     integer     not null default 90 check (job_days between 0 and 36500),
  run_days     integer     not null default 30 check (run_days between 0 and 36500),
  event_days   integer     not null default 7 check (event_days between 0 and 36500),
  history_days integer     not null default 0 check (history_days between 0 and 36500),
  -- From when on somebody may look again for what is to be removed; moved on by whoever does, before it does.
  sweep_due_at timestamptz not null default now()
);

create index domain_settings_due on domain_settings (sweep_due_at);

-- Finds old records; some kilobytes, because records lie in the order in which they came. Writing one costs nothing measurable.
create index change_record_age on change_record using brin (created_at);

select protect_tenant('domain_settings'), protect_tenant('event'), protect_tenant('event_head');
