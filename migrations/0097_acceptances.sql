-- Gaps of the ledger that somebody knows of and accepts. They are counted and told apart, and change nothing about what is evidence.
-- docs/adr/0056-accepted-gaps.md has the reasons.

create table acceptance (
  domain_id           text        not null references domain,
  acceptance_id       text        not null,
  -- Which cells; '' for any, but for the collector.
  collector_id        text        not null,
  secret_id           text        not null,
  provider            text        not null,
  cloud_service_group text        not null,
  cloud_service_type  text        not null,
  account             text        not null,
  region_code         text        not null,
  -- Only gaps that failures of these classes have made; {} for any gap.
  classes             text[]      not null,
  reason              text        not null,
  accepted_by         text        not null,
  created_at          timestamptz not null default now(),
  -- It holds until then, by this clock, and says so when it is read; null for as long as nobody ends it.
  until               timestamptz,
  ended_at            timestamptz,
  ended_by            text        not null default '',
  primary key (domain_id, acceptance_id)
);

-- What may be in force: few.
create index acceptance_open on acceptance (domain_id, collector_id) where ended_at is null;

select protect_tenant('acceptance');

alter table claim_state
  -- Gaps that the newest run which meant to read everything has left, and that were accepted then:
  -- [{name, by, isKnown}, …]: the fields of a cell's name, an acceptance, and whether that cell is known. Null for none.
  add column accepted_gaps jsonb;
