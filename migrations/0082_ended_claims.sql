-- What a collector reports no longer, and others still do: the ledger tells who keeps it alive.

-- The claim of a contributor that ended while the resource stayed. One row for each such pair, whatever happens to it
-- later: who reports the resource again has a contribution, and the row is passed over. Written only where an end deletes
-- nothing, so that an inventory in which nobody shares resources has none. No index but the key, by which the ledger reads.
create table ended_claim (
  domain_id        text        not null,
  contributor_id   integer     not null,
  cloud_service_id text        not null,
  -- The cell in which it was claimed last.
  cell             bigint      not null,
  ended_at         timestamptz not null,
  primary key (domain_id, contributor_id, cloud_service_id),
  foreign key (domain_id, contributor_id) references contributor
);

select protect_tenant('ended_claim');
