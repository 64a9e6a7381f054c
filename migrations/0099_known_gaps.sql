-- Plans that were set before their longest gap was kept went on without one: what they brought was too old by another rule than what the
-- same plans brought that were set later. Schedulers look for them once more (only they know calendars), and null now means that alone;
-- where there are no two due times it is 0.
create index schedule_of_unknown_gap on schedule (domain_id, schedule_id) where longest_gap_s is null;
