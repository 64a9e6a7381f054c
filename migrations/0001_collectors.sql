-- Domains (tenants) and collectors. Every primary key starts with domain_id: tenants stay apart, a cluster can
-- shard by it, and an id is only ever looked up together with its domain.

create table domain (
  domain_id  text        not null primary key,
  name       text        not null,
  created_at timestamptz not null
);

create table collector (
  domain_id          text        not null references domain,
  collector_id       text        not null,
  -- Order of creation: breaks ties of priority, so that a merged document never flaps.
  seq                bigint      not null generated always as identity,
  name               text        not null,
  state              text        not null check (state in ('ENABLED', 'DISABLED')),
  priority           integer     not null check (priority between 0 and 99),
  is_public          boolean     not null,
  project_id         text        not null default '',
  tags               jsonb       not null default '{}',
  -- Copied from the plugin's record when the collector is created.
  provider           text        not null default '',
  capability         jsonb       not null default '{}',
  plugin_id          text        not null,
  plugin_version     text        not null,
  upgrade_mode       text        not null check (upgrade_mode in ('MANUAL', 'AUTO')),
  plugin_options     jsonb       not null default '{}',
  -- What the plugin answered to init.
  plugin_metadata    jsonb       not null default '{}',
  -- The secret selection of plugin_info; '' selects nothing by that selector.
  secret_id          text        not null default '',
  secret_group_id    text        not null default '',
  secret_provider    text        not null default '',
  service_account_id text        not null default '',
  created_at         timestamptz not null,
  last_collected_at  timestamptz,
  primary key (domain_id, collector_id)
);
