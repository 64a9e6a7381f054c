-- Events: what happened, for whoever listens. docs/adr/0013-events.md has the reasons.

-- The outbox, written in the transaction of the change itself. A row of a batch names all that it brought, and is told
-- as one event for each when it is read.
create table event (
  domain_id    text        not null references domain,
  -- Order of writing. Transactions commit in another one, so nobody resumes from this number.
  event_seq    bigint      not null generated always as identity,
  -- Place in the order of the domain, 1, 2, 3, … without gaps; null until the row was seen after its commit.
  position     bigint,
  type         text        not null,
  created_at   timestamptz not null default clock_timestamp(),
  collector_id text        not null default '',
  job_id       text        not null default '',
  job_task_id  text        not null default '',
  -- Where job or task stand now.
  status       text        not null default '',
  -- {name: number}: how far job or task are.
  counts       jsonb       not null default '{}',
  -- provider/group/type of the resources, and their ids. Without ids the row is one event about its job or task.
  kind         text        not null default '',
  resource_ids text[]      not null default '{}',
  primary key (domain_id, event_seq)
);

-- The way of a reader.
create unique index event_position on event (domain_id, position) where position is not null;
-- What is to be given its place: almost always empty.
create index event_unplaced on event (domain_id, event_seq) where position is null;

-- One row a domain that has events: the last place given out, and the last one that was removed. Whoever gives out
-- places holds it, one domain at a time.
create table event_head (
  domain_id        text   not null primary key references domain,
  last_position    bigint not null default 0,
  removed_position bigint not null default 0
);

-- Wakes whoever listens, after the commit. Repeated notifications of one transaction are one.
create function tell_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('gleaner_event', new.domain_id);
  return null;
end $$;

create trigger event_told after insert on event for each row execute function tell_event();

-- Jobs and tasks tell their own moves, so that no statement that moves one can forget to. 40 to 60 µs a move.
create function tell_job() returns trigger language plpgsql as $$
begin
  insert into event (domain_id, type, collector_id, job_id, status, counts)
  values (new.domain_id,
          case when tg_op = 'INSERT' then 'job.created'
               when new.finished_at is not null then 'job.ended'
               else 'job.progressed' end,
          new.collector_id, new.job_id, new.status,
          jsonb_build_object('total_tasks', new.total_tasks, 'remained_tasks', new.remained_tasks));
  return null;
end $$;

create trigger job_created after insert on job for each row execute function tell_job();
create trigger job_moved after update on job for each row
  when ((old.status, old.total_tasks, old.remained_tasks) is distinct from
        (new.status, new.total_tasks, new.remained_tasks))
  execute function tell_job();

create function tell_job_task() returns trigger language plpgsql as $$
begin
  insert into event (domain_id, type, collector_id, job_id, job_task_id, status, counts)
  values (new.domain_id,
          case when old.status = new.status then 'job_task.progressed'
               when new.finished_at is not null then 'job_task.ended'
               when new.status = 'PENDING' then 'job_task.released'
               when old.status = 'PENDING' then 'job_task.started'
               else 'job_task.progressed' end,
          new.collector_id, new.job_id, new.job_task_id, new.status,
          jsonb_build_object(
            'attempt', new.attempt, 'created', new.created_count, 'updated', new.updated_count,
            'unchanged', new.unchanged_count, 'failed', new.failure_count, 'deleted', new.deleted_count,
            'disconnected', new.disconnected_count, 'types', new.type_count, 'regions', new.region_count,
            'messages', new.messages_read));
  return null;
end $$;

-- Leases are renewed without a word.
create trigger job_task_moved after update on job_task for each row
  when ((old.status, old.created_count, old.updated_count, old.unchanged_count, old.failure_count, old.deleted_count,
         old.disconnected_count, old.type_count, old.region_count, old.messages_read) is distinct from
        (new.status, new.created_count, new.updated_count, new.unchanged_count, new.failure_count, new.deleted_count,
         new.disconnected_count, new.type_count, new.region_count, new.messages_read))
  execute function tell_job_task();
