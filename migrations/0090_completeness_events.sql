-- What it takes to tell when completeness is lost or back, and to tell only of some statuses.

alter table contributor
  -- Cells that the newest run that meant to read everything did not list completely; 2147483647 where it proved nothing. Null: none has
  -- ended since this is kept. Written only when it changes, by the statement that ends a task.
  add column not_listed integer;

alter table webhook
  -- Of jobs and job tasks only those that stand in one of these; {} for all.
  add column statuses text[] not null default '{}';

-- Which events keys that are bound to projects see has a rule more (src/storage/project-policies.ts), which the next start puts in place.
drop policy if exists project on event;
