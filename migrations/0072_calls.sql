-- What a task has made of the provider's APIs: [{api, predicted, made, throttled, retried, wait_seconds}], by name, of the last
-- attempt whose stream ended. Some 100 bytes an API, of which there are as many as services are asked; read with the task, not indexed.
alter table job_task add column calls jsonb not null default '[]';
