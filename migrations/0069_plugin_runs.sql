-- Versions that are listed from a registry, and what each server process knows of the plugins it runs.
-- docs/adr/0031-plugins-from-registries.md has the reasons.

alter table plugin
  -- When the registry of the image is asked again for its versions; null where they are told by whoever registered the plugin.
  add column versions_due_at timestamptz,
  -- Why it could not be asked the last time; '' when it could.
  add column versions_error text not null default '';

-- One row for each plugin version that a server process has run: a handful for each process, written every few seconds while
-- something about it changes, every half minute otherwise. Plugins that come with the server are run for all domains by one process;
-- they belong to the domain ''. Rows of processes that are gone are left out by `seen_at`, and removed after a while.
create table plugin_process (
  domain_id     text        not null,
  plugin_id     text        not null,
  version       text        not null,
  -- The server process.
  host_id       text        not null,
  state         text        not null check (state in ('STOPPED', 'STARTING', 'RUNNING', 'PAUSED')),
  health        text        not null check (health in ('UNKNOWN', 'SERVING', 'NOT_SERVING', 'UNREACHABLE')),
  -- Since when the process runs that runs now.
  started_at    timestamptz,
  memory_bytes  bigint,
  connections   integer     not null,
  starts        integer     not null,
  failed_starts integer     not null,
  deaths        integer     not null,
  -- The last start that failed, or the last end that nobody asked for.
  failed_at     timestamptz,
  failure_code  text        not null default '',
  failure       text        not null default '',
  -- While state is PAUSED: when it may be started again.
  paused_until  timestamptz,
  seen_at       timestamptz not null default now(),
  primary key (domain_id, plugin_id, version, host_id)
);

select protect_tenant('plugin_process');

-- A process that serves all domains is seen by all of them.
create policy shared on plugin_process for select using (domain_id = '');

-- The last words of each. Apart, because those of a process that serves all domains are for none of them.
create table plugin_log (
  domain_id text   not null,
  plugin_id text   not null,
  version   text   not null,
  host_id   text   not null,
  lines     text[] not null,
  primary key (domain_id, plugin_id, version, host_id),
  foreign key (domain_id, plugin_id, version, host_id) references plugin_process on delete cascade
);

select protect_tenant('plugin_log');
