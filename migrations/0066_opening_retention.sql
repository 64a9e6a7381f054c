-- How long a domain keeps who opened which secret. The index on (domain_id, opened_at) finds what is too old, and no row is
-- written when one is removed but itself.

alter table domain_settings
  -- Days; 0 keeps for ever.
  add column opening_days integer not null default 365 check (opening_days between 0 and 36500);
