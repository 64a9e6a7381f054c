-- How old things may become in a domain: evidence before the ledger calls a cell stale, and DELETED resources before they go for good.

alter table domain_settings
  -- Hours; 0 for any age, null where the schedules of a collector decide.
  add column max_age_hours integer check (max_age_hours between 0 and 876000),
  -- Days; 0 keeps for ever.
  add column deleted_days integer not null default 0 check (deleted_days between 0 and 36500);

-- The way to what was deleted longest ago. Not by state: no condition on that alone may lead here, as statements that look for one deleted
-- resource of a key have it.
create index cloud_service_deletion on cloud_service (domain_id, deleted_at) where deleted_at is not null;
