-- The end of a task writes what it knows of completeness behind the task's row; batches lock the contributor's row before it. So that
-- belongs to the row that the end of a task locks last.
alter table claim_state
  -- Cells that the newest run that meant to read everything did not list completely; 2147483647 where it proved nothing. Null: none has
  -- ended since this is kept.
  add column not_listed integer,
  -- That was more than the run before left out, and nobody has listed everything since.
  add column is_lost boolean not null default false,
  -- Somebody has decided that nobody looks any more. Null again with the next run.
  add column retired_at timestamptz;

insert into claim_state (domain_id, contributor_id, not_listed, is_lost, retired_at)
select domain_id, contributor_id, not_listed, coalesce(not_listed > 0, false), retired_at from contributor
 where not_listed is not null or retired_at is not null
on conflict (domain_id, contributor_id) do update
   set not_listed = excluded.not_listed, is_lost = excluded.is_lost, retired_at = excluded.retired_at;

alter table contributor drop column not_listed, drop column retired_at;

alter table schedule
  -- The longest time between due times that followed each other after its plan was set, seconds: it decides when what it brings is too
  -- old. Null where there are no two, and for plans that were set before this is kept.
  add column longest_gap_s double precision;
