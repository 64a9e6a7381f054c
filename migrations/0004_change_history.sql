-- Reading the change history, deleting jobs, and the return of deleted resources.

-- What is left of the tasks of deleted jobs: change records, created_seq and runs still name them, and readers still
-- want to know which collector and which job that was.
create table past_task (
  domain_id          text        not null references domain,
  job_task_id        text        not null,
  seq                bigint      not null,
  job_id             text        not null,
  collector_id       text        not null,
  provider           text        not null,
  service_account_id text        not null,
  ended_at           timestamptz not null,
  primary key (domain_id, job_task_id)
);

create unique index past_task_seq on past_task (domain_id, seq);
-- From a change record, or a resource, to the task that brought it.
create unique index job_task_seq on job_task (domain_id, seq);

create view known_task as
  select domain_id, job_task_id, seq, job_id, collector_id, provider, service_account_id,
         coalesce(finished_at, started_at, created_at) as at
    from job_task
   union all
  select domain_id, job_task_id, seq, job_id, collector_id, provider, service_account_id, ended_at
    from past_task;

-- Few rows beside the live ones: a resource that is reported again is looked for here, to come back under its id.
create index cloud_service_deleted on cloud_service
  (domain_id, resource_id, provider, cloud_service_group, cloud_service_type, account)
  where state = 'DELETED';

-- What happened to cloud services: the stored records, and the first creation of each, which stores none (ADR 1). Ids
-- of the two differ in their first digit, so that in their order a creation comes before what followed. Conditions on
-- the resource go down into both tables; tasks are few and hashed once, which for "all records of a job" took a tenth
-- of the time of looking each one up (200,000 records).
create view change_history as
  select h.*, coalesce(k.collector_id, '') as collector_id, coalesce(k.job_id, '') as job_id
    from (
      select domain_id, 'record-1' || lpad(to_hex(seq), 11, '0') as record_id, cloud_service_id, action, changes,
             task_seq, created_at
        from change_record
       union all
      select domain_id, 'record-0' || right(cloud_service_id, 11), cloud_service_id, 'CREATE', '[]'::jsonb, created_seq,
             created_at
        from cloud_service
    ) h
    left join known_task k on k.domain_id = h.domain_id and k.seq = h.task_seq;
