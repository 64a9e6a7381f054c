-- Contributors whose claims nobody renews any more, by somebody's decision: their claims stay, and the ledger says so.
-- A new run of the contributor takes it back.
alter table contributor add column retired_at timestamptz;
