-- How tasks are prepared, limited and given to workers.

-- Whether the task is what its plugin wants as one part: `Job.get_tasks` was asked and its answer is stored.
-- Tasks that are open while this is applied are asked once more, which changes nothing for them.
alter table job_task add column is_prepared boolean not null default false;
