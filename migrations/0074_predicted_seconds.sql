-- Seconds of asking the provider that a plugin has predicted when a task began; 0 where it predicts none. Beside what was made of
-- each API (calls, which holds the times of answer and the learnt rates as well). Adding a column with a constant rewrites no row.
alter table job_task add column predicted_seconds double precision not null default 0;
