-- Plugins registered in a domain, their versions, and the rules that adjust what collectors report. The plugins that come
-- with the server are not stored: another release of it would have others.

create table plugin (
  domain_id       text        not null references domain,
  plugin_id       text        not null,
  name            text        not null,
  state           text        not null default 'ENABLED' check (state in ('ENABLED', 'DISABLED')),
  service_type    text        not null,
  -- Where the program is; '{version}' in it stands for the version that is run.
  image           text        not null,
  provider        text        not null default '',
  registry_type   text        not null default 'NONE_REGISTRY_TYPE'
                  check (registry_type in ('NONE_REGISTRY_TYPE', 'DOCKER_HUB', 'AWS_PUBLIC_ECR', 'HARBOR')),
  registry_config jsonb       not null default '{}',
  capability      jsonb       not null default '{}',
  template        jsonb       not null default '{}',
  labels          jsonb       not null default '[]',
  tags            jsonb       not null default '{}',
  -- Only private collectors of this project may run it; '' for all of the domain.
  project_id      text        not null default '',
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (domain_id, plugin_id)
);

create table plugin_version (
  domain_id  text        not null,
  plugin_id  text        not null,
  version    text        not null,
  created_at timestamptz not null,
  primary key (domain_id, plugin_id, version),
  foreign key (domain_id, plugin_id) references plugin on delete cascade
);

create table collector_rule (
  domain_id         text        not null references domain,
  collector_rule_id text        not null,
  collector_id      text        not null,
  name              text        not null default '',
  -- MANAGED: from the metadata of the collector's plugin, written anew whenever it describes itself.
  rule_type         text        not null check (rule_type in ('MANAGED', 'CUSTOM')),
  -- Its place among the rules of its type, 1, 2, 3 … without gaps. Moving a rule shifts others in one statement.
  rule_order        integer     not null check (rule_order >= 1),
  -- [{key, value, operator}]
  conditions        jsonb       not null default '[]',
  conditions_policy text        not null check (conditions_policy in ('ALL', 'ANY', 'ALWAYS')),
  -- {change_project, match_project: {source, target}, match_service_account: {…}, add_additional_info: {…}}
  actions           jsonb       not null,
  -- {stop_processing}
  options           jsonb       not null default '{}',
  tags              jsonb       not null default '{}',
  created_at        timestamptz not null,
  primary key (domain_id, collector_rule_id),
  -- Finds a collector's rules in the order they are applied; deferred, because moving one makes two equal for a moment.
  unique (domain_id, collector_id, rule_type, rule_order) deferrable initially deferred,
  foreign key (domain_id, collector_id) references collector on delete cascade
);
