-- The trace that a job was asked for in: W3C `traceparent`, 55 characters. Null for jobs nobody traced, which are all of them
-- while traces are off. Attempts in whatever process go on from it.

alter table job add column trace_parent text;
