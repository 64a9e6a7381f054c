-- Projects and service accounts; secrets, sealed; who opened them; the master keys they are sealed under.
-- docs/adr/0008-secrets.md has the reasons.

create table project (
  domain_id  text        not null references domain,
  project_id text        not null,
  name       text        not null,
  tags       jsonb       not null default '{}',
  created_by text        not null default '',
  created_at timestamptz not null,
  primary key (domain_id, project_id)
);

-- An account at a provider. Its data says which one (an account id), and is shown to everybody who may read it.
create table service_account (
  domain_id          text        not null references domain,
  service_account_id text        not null,
  name               text        not null,
  provider           text        not null,
  -- '' for an account of the whole domain.
  project_id         text        not null default '',
  data               jsonb       not null default '{}',
  tags               jsonb       not null default '{}',
  created_at         timestamptz not null,
  primary key (domain_id, service_account_id)
);

-- What uses a project is asked before it is deleted. These tables are small and seldom written.
create index service_account_of_project on service_account (domain_id, project_id) where project_id <> '';

-- Keys that wrap the data keys of secrets. The keys themselves are never here: a fingerprint tells whether a process
-- holds the right one. Of the whole installation, not of a domain.
create table master_key (
  version     integer     not null primary key,
  fingerprint text        not null unique,
  state       text        not null check (state in ('CURRENT', 'RETIRING', 'RETIRED')),
  created_at  timestamptz not null,
  retired_at  timestamptz
);

create unique index master_key_current on master_key (state) where state = 'CURRENT';

create table secret (
  domain_id          text        not null references domain,
  secret_id          text        not null,
  name               text        not null,
  secret_type        text        not null default 'CREDENTIALS' check (secret_type in ('CREDENTIALS')),
  schema             text        not null default '',
  -- Of the service account, which never changes its provider; '' without one.
  provider           text        not null default '',
  service_account_id text        not null default '',
  project_id         text        not null default '',
  tags               jsonb       not null default '{}',
  created_at         timestamptz not null,
  -- Counts changes of the data: another number, another view of the provider.
  data_version       integer     not null default 1,
  data_changed_at    timestamptz not null,
  -- The data under a key of their own: nonce, ciphertext and tag of AES-256-GCM. They name the domain, the secret and
  -- key_version as associated data, so that a ciphertext in another row does not open.
  sealed             bytea       not null,
  key_version        integer     not null,
  key_made_at        timestamptz not null,
  -- That key under the master key, bound in the same way to this row and to master_version.
  wrapped_key        bytea       not null,
  master_version     integer     not null references master_key,
  primary key (domain_id, secret_id)
);

-- Random bytes do not shrink.
alter table secret alter column sealed set storage external;

-- What a selector means, and what uses a service account or a project.
create index secret_of_service_account on secret (domain_id, service_account_id) where service_account_id <> '';
create index secret_of_provider on secret (domain_id, provider) where provider <> '';
create index secret_of_project on secret (domain_id, project_id) where project_id <> '';
-- Rotation walks it; of the whole installation.
create index secret_of_master_key on secret (master_version, domain_id, secret_id);

create table secret_group (
  domain_id       text        not null references domain,
  secret_group_id text        not null,
  name            text        not null,
  tags            jsonb       not null default '{}',
  created_at      timestamptz not null,
  primary key (domain_id, secret_group_id)
);

create table secret_group_member (
  domain_id       text        not null,
  secret_group_id text        not null,
  secret_id       text        not null,
  added_at        timestamptz not null,
  primary key (domain_id, secret_group_id, secret_id),
  foreign key (domain_id, secret_group_id) references secret_group on delete cascade,
  -- A secret leaves its groups before it is deleted.
  foreign key (domain_id, secret_id) references secret
);

create index secret_group_member_of_secret on secret_group_member (domain_id, secret_id);

-- One row each time a secret was opened, written before it is. No foreign keys: it outlives what it names.
create table secret_opening (
  domain_id    text        not null references domain,
  seq          bigint      not null generated always as identity,
  secret_id    text        not null,
  data_version integer     not null,
  collector_id text        not null,
  -- For a task: which one, and in which attempt. '' and 0 otherwise.
  job_task_id  text        not null default '',
  attempt      integer     not null default 0,
  -- For a call: its request. '' otherwise.
  request_id   text        not null default '',
  opened_at    timestamptz not null,
  primary key (domain_id, seq),
  check ((job_task_id = '') <> (request_id = ''))
);

-- Newest first, of a domain or of one secret.
create index secret_opening_newest on secret_opening (domain_id, opened_at desc);
create index secret_opening_of_secret on secret_opening (domain_id, secret_id, opened_at desc);

-- A rotation under way goes on where it was, whoever goes on with it.
create table key_rotation (
  rotation_id    integer     not null primary key generated always as identity,
  -- Data keys made before started_at are replaced as well.
  with_data_keys boolean     not null,
  started_at     timestamptz not null,
  finished_at    timestamptz,
  rewrapped      bigint      not null default 0,
  resealed       bigint      not null default 0
);

create unique index key_rotation_open on key_rotation ((finished_at is null)) where finished_at is null;

select protect_tenant(t) from unnest(array[
  'project', 'service_account', 'secret', 'secret_group', 'secret_group_member', 'secret_opening']::regclass[]) t;

-- Which key to seal under, for requests too, to whom tables without a domain are closed. SHARE holds off a rotation, which
-- changes this row, until what is sealed under the key can be seen: so that a rotation that finds no more secrets of a key
-- can retire it.
create function hold_current_master_key() returns integer
  language sql security definer set search_path from current
  as $$ select version from master_key where state = 'CURRENT' for share $$;
