-- What is left of the tasks of deleted jobs goes when nothing names it any more (src/jobs/sweep-past-tasks.ts).

-- When it was last looked whether anything still names the task; null: never. Not indexed: a sweep reads the few rows of a
-- domain once an hour, and an index would cost more at each deleted job than it saves.
alter table past_task add column looked_at timestamptz;
