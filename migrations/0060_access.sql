-- API keys, and what was done with them. What belongs to no domain (keys of the system administrator, what they did above the
-- domains) carries the domain_id 'system', which is no domain's: ids of domains begin with 'domain-'.

alter table domain add column tags jsonb not null default '{}';

create table api_key (
  domain_id    text        not null,
  api_key_id   text        not null,
  name         text        not null,
  role         text        not null check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
  state        text        not null default 'ENABLED' check (state in ('ENABLED', 'DISABLED')),
  -- Empty: everything in the domain.
  projects     text[]      not null default '{}',
  -- SHA-256 of the whole key. Keys are random and long, so that nothing slower is needed.
  key_hash     bytea       not null,
  -- The last characters, by which people tell keys apart.
  hint         text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  -- Written at most once a minute.
  last_used_at timestamptz,
  primary key (domain_id, api_key_id)
);

-- Who sends a key has not said yet whose it is. Few rows; read at most every few seconds for each key in use.
create unique index api_key_hash on api_key (key_hash);
select protect_tenant('api_key');

-- Domains as a list that belongs to the system: what is asked about them is compiled like every other question.
create view listed_domain with (security_invoker = true) as
  select 'system'::text as domain_id, domain_id as listed_id, name, tags, created_at from domain;
