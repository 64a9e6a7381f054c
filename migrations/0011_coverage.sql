-- Coverage: what was read completely, which claims were missed under it, and what was therefore held or deleted.
-- docs/adr/0014-deletion-by-evidence.md has the reasons.

-- The cell of a claim: 53 bits of SHA-256 over provider, group, type, account and region of what this contributor
-- says; null for types and regions. Not indexed: a run reads (slot, cell) of its contributor by the primary key.
alter table contribution add column cell bigint;

update contribution c
   set cell = ('x' || left(encode(sha256(convert_to(concat_ws(chr(1),
                coalesce(c.document->>'provider', s.provider),
                coalesce(c.document->>'cloud_service_group', s.cloud_service_group),
                coalesce(c.document->>'cloud_service_type', s.cloud_service_type),
                coalesce(c.document->>'account', s.account),
                coalesce(c.document->>'region_code', s.region_code)), 'UTF8')), 'hex'), 14))::bit(56)::bigint
              & 9007199254740991
  from cloud_service s, contributor b
 where c.kind = 1 and s.domain_id = c.domain_id and s.cloud_service_id = c.target_id
   and b.domain_id = c.domain_id and b.contributor_id = c.contributor_id and b.collector_id <> '';

-- What decided what the attempt could see: two hashes, of options and of means; '' before the first attempt, 'mixed'
-- when attempts differed.
alter table job_task add column epoch text not null default '';

-- What is known about the claims of one contributor, as bitmaps by slot: one row, written only when a bit changes.
create table claim_state (
  domain_id      text        not null,
  contributor_id integer     not null,
  -- Epoch of the newest run that counted; another one starts all counts anew.
  epoch          text        not null default '',
  -- Slots seen under these options; slots seen under these options and these means.
  in_scope       bytea       not null default '',
  in_epoch       bytea       not null default '',
  -- Element n: slots missed by at least n counted receipts since they were last seen.
  missed         bytea[]     not null default '{}',
  -- The newest counted receipt. Order is by sequence; the moment only spaces receipts apart.
  counted_seq    bigint,
  counted_at     timestamptz,
  primary key (domain_id, contributor_id),
  foreign key (domain_id, contributor_id) references contributor
);

-- Proof that a contributor listed its cells completely in one job.
create table receipt (
  domain_id      text        not null,
  contributor_id integer     not null,
  -- Sequence of the task that earned it, the last one of its contributor in the job.
  task_seq       bigint      not null,
  job_id         text        not null,
  epoch          text        not null,
  grade          text        not null check (grade in ('declared', 'derived')),
  -- False when it came too soon after the one before, and so adds no misses.
  is_counted     boolean     not null,
  -- Cells that were known, and those of them that it does not cover.
  cells          integer     not null,
  withheld       integer     not null,
  -- Slots that were missed under it; kept while it may be named by a deletion.
  missed         bytea       not null default '',
  created_at     timestamptz not null,
  primary key (domain_id, contributor_id, task_seq),
  foreign key (domain_id, contributor_id) references contributor
);

-- The cells of a contributor and what its newest run said about each; rows change only when their numbers do.
create table coverage_cell (
  domain_id           text        not null,
  contributor_id      integer     not null,
  cell                bigint      not null,
  provider            text        not null,
  cloud_service_group text        not null,
  cloud_service_type  text        not null,
  account             text        not null,
  region_code         text        not null,
  -- Live claims; of these missed at least once, of unknown presence, and kept back by a hold.
  claims              integer     not null default 0,
  missed              integer     not null default 0,
  unknown             integer     not null default 0,
  held                integer     not null default 0,
  -- The newest receipt that covered this cell while others were withheld; one that covers all is told by `receipt`.
  receipt_seq         bigint,
  receipt_at          timestamptz,
  primary key (domain_id, contributor_id, cell),
  foreign key (domain_id, contributor_id) references contributor
);

-- What an attempt could not read or store, by what it names; '' where it names nothing.
create table read_failure (
  domain_id           text     not null,
  contributor_id      integer  not null,
  task_seq            bigint   not null,
  attempt             integer  not null,
  class               text     not null
                      check (class in ('denied', 'throttled', 'unsupported', 'timeout', 'partial', 'failed', 'refused')),
  provider            text     not null,
  cloud_service_group text     not null,
  cloud_service_type  text     not null,
  account             text     not null,
  region_code         text     not null,
  -- False where the resource is known and so counts as seen.
  withholds           boolean  not null,
  count               integer  not null,
  message             text     not null,
  primary key (domain_id, contributor_id, task_seq, attempt, class, provider, cloud_service_group,
               cloud_service_type, account, region_code, withholds)
);

-- Deletions that were kept back for a decision.
create table hold (
  domain_id           text        not null,
  hold_id             text        not null,
  contributor_id      integer     not null,
  -- emptied: its cell fell from some to none. many: more than half and more than ten of the scope at once.
  reason              text        not null check (reason in ('emptied', 'many')),
  scope               text        not null check (scope in ('cell', 'kind', 'account', 'region', 'task')),
  provider            text        not null default '',
  cloud_service_group text        not null default '',
  cloud_service_type  text        not null default '',
  account             text        not null default '',
  region_code         text        not null default '',
  -- The claims that are kept back, how many these are, and of how many in the scope.
  slots               bytea       not null,
  claims              integer     not null,
  of_claims           integer     not null,
  epoch               text        not null,
  -- Counted receipts that confirmed it, the first one included; the sequences of the first and of the last.
  receipts            integer     not null,
  first_seq           bigint      not null,
  last_seq            bigint      not null,
  -- lapsed: seen again, or the inputs changed. released: ended by a call or by the option, and the claims with it.
  state               text        not null default 'open' check (state in ('open', 'released', 'lapsed')),
  created_at          timestamptz not null,
  ended_at            timestamptz,
  ended_by            text        not null default '',
  primary key (domain_id, hold_id),
  foreign key (domain_id, contributor_id) references contributor
);

create unique index hold_open on hold
  (domain_id, contributor_id, reason, scope, provider, cloud_service_group, cloud_service_type, account, region_code)
  where state = 'open';

-- Why a change was made, where no new document made it: the receipts of a deletion, who retired what, an undo.
alter table change_record add column evidence jsonb;

select protect_tenant(t) from unnest(array[
  'claim_state', 'receipt', 'coverage_cell', 'read_failure', 'hold']::regclass[]) t;
