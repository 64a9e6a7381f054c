-- The inventory: what is there (cloud_service, cloud_service_type, region), who says so (contribution), when it was
-- last seen (sighting, run), and what changed (change_record). docs/adr/0001-storage-shape.md has the reasons.

-- Sequential ids keep the primary keys growing at their right edge; a batch reserves 1024 at a time.
create sequence resource_number increment by 1024;

create table cloud_service (
  domain_id           text             not null references domain,
  cloud_service_id    text             not null,
  state               text             not null default 'ACTIVE'
                      check (state in ('ACTIVE', 'DISCONNECTED', 'DELETED')),
  name                text             not null default '',
  provider            text             not null,
  cloud_service_group text             not null,
  cloud_service_type  text             not null,
  account             text             not null default '',
  region_code         text             not null default '',
  project_id          text             not null default '',
  instance_type       text             not null default '',
  instance_size       double precision,
  ip_addresses        text[]           not null default '{}',
  -- reference.resource_id and reference.external_link
  resource_id         text             not null default '',
  external_link       text             not null default '',
  created_at          timestamptz      not null,
  updated_at          timestamptz      not null,
  deleted_at          timestamptz,
  -- job_task.seq that created it; null when made by hand. Creation has no change_record of its own.
  created_seq         bigint,
  -- {provider: {key: value}}, as the API shows them.
  tags                jsonb            not null default '{}',
  metadata            jsonb            not null default '{}',
  data                jsonb            not null default '{}',
  primary key (domain_id, cloud_service_id)
);

-- Documents of 2 KB sit at the TOAST threshold. Uncompressed and, once over it, out of line: inserts as fast as any
-- other layout that was measured, a heap a tenth as wide for filters and group-by, no pglz on the way in.
alter table cloud_service alter column data set storage external;
alter table cloud_service alter column metadata set storage external;

-- The natural key: a guard against twins, and the index that match rules look up by.
create unique index cloud_service_natural on cloud_service
  (domain_id, resource_id, provider, cloud_service_group, cloud_service_type, account)
  where state = 'ACTIVE' and resource_id <> '';
-- What people filter by first.
create index cloud_service_kind on cloud_service
  (domain_id, provider, cloud_service_group, cloud_service_type, region_code);

create table cloud_service_type (
  domain_id             text        not null references domain,
  cloud_service_type_id text        not null,
  name                  text        not null,
  provider              text        not null,
  "group"               text        not null,
  service_code          text        not null default '',
  is_primary            boolean     not null default false,
  is_major              boolean     not null default false,
  resource_type         text        not null default 'inventory.CloudService',
  metadata              jsonb       not null default '{}',
  tags                  jsonb       not null default '{}',
  labels                jsonb       not null default '[]',
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  created_seq           bigint,
  primary key (domain_id, cloud_service_type_id),
  unique (domain_id, provider, "group", name)
);

create table region (
  domain_id   text        not null references domain,
  region_id   text        not null,
  name        text        not null,
  region_code text        not null,
  provider    text        not null,
  tags        jsonb       not null default '{}',
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  created_seq bigint,
  primary key (domain_id, region_id),
  unique (domain_id, provider, region_code)
);

-- What one contributor says about one resource. Narrow on purpose: a re-collect reads all of a contributor's rows
-- (slot, memo), and an unchanged resource touches none.
create table contribution (
  domain_id      text     not null,
  contributor_id integer  not null,
  slot           integer  not null,
  -- 1 cloud service, 2 cloud service type, 3 region; target_id is the id of that thing.
  kind           smallint not null,
  target_id      text     not null,
  -- Hash of the raw message bytes keyed by the evaluation revision: equal means "skip the decode".
  memo           uuid     not null,
  -- Hash of the canonical content after evaluation: the truth about "changed".
  content_hash   uuid     not null,
  -- The contributed document, kept only while the target has more than one contributor; null: the target is it.
  document       jsonb,
  -- job_task.seq of the first and of the last changing sighting.
  first_seq      bigint   not null,
  changed_seq    bigint   not null,
  primary key (domain_id, contributor_id, slot),
  foreign key (domain_id, contributor_id) references contributor
);

create index contribution_of_target on contribution (domain_id, target_id);

-- One row a batch while a task runs: the slots it saw, delta-coded. Folded into run when the task ends.
create table sighting (
  domain_id      text    not null,
  contributor_id integer not null,
  task_seq       bigint  not null,
  attempt        integer not null,
  batch          integer not null,
  slots          bytea   not null,
  primary key (domain_id, contributor_id, task_seq, attempt, batch)
);

-- One row a finished task: the bitmap of the slots it saw in any attempt (bit n = slot n, as get_bit counts).
create table run (
  domain_id      text        not null,
  contributor_id integer     not null,
  task_seq       bigint      not null,
  job_task_id    text        not null,
  seen           bytea       not null,
  seen_count     integer     not null,
  -- True when one attempt's stream was read to its end with status OK.
  complete       boolean     not null,
  finished_at    timestamptz not null,
  primary key (domain_id, contributor_id, task_seq)
);

-- What changed in a cloud service after its creation. changes: [{"p": path, "b": before, "a": after}, …];
-- an added value has no "b", a removed one no "a". Paths are dotted; arrays count as one value.
create table change_record (
  domain_id        text        not null,
  cloud_service_id text        not null,
  seq              bigint      not null generated always as identity,
  action           text        not null check (action in ('CREATE', 'UPDATE', 'DELETE')),
  -- job_task.seq of the run that brought the change; null when made by hand.
  task_seq         bigint,
  changes          jsonb       not null default '[]',
  created_at       timestamptz not null,
  primary key (domain_id, cloud_service_id, seq)
);
