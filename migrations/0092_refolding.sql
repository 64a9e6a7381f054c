-- What a deleted collector has said counts last. Documents that it shares with others are folded anew after that, in steps; whoever finds
-- the mark goes on where the one before was stopped.
alter table contributor
  -- Who deleted its collector, '' for nobody in particular, while that is still to be done; null when it is.
  add column refold_by text;

create index contributor_refolding on contributor (domain_id, contributor_id) where refold_by is not null;
