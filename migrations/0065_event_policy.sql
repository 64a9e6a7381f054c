-- Which events keys that are bound to projects see follows another rule now (src/storage/project-policies.ts), which the next
-- start puts in place of this one: until then such a key saw the events of all jobs, and could write no resource by hand.
drop policy if exists project on event;
