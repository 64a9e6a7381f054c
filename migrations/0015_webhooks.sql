-- Webhooks: events sent to an address of the domain's choice. The events themselves are the queue: a webhook is a reader
-- with a cursor, and what it could not deliver is still there. docs/adr/0015-webhooks.md has the reasons.

create table webhook (
  domain_id       text        not null references domain,
  webhook_id      text        not null,
  name            text        not null default '',
  url             text        not null,
  types           text[]      not null default '{}',
  collector_id    text        not null default '',
  kind            text        not null default '',
  is_enabled      boolean     not null default true,
  -- Why the server has switched it off; '' when somebody else did, or nobody.
  disabled_reason text        not null default '',
  created_at      timestamptz not null,
  -- What has been delivered: see events.
  position        bigint      not null,
  item            integer     not null default 0,
  -- Failures since the last success, and since when.
  failures        integer     not null default 0,
  failing_since   timestamptz,
  next_attempt_at timestamptz not null default now(),
  -- Whoever delivers holds the webhook until then, and writes nothing when somebody else has taken it since.
  leased_until    timestamptz,
  -- The signing key, sealed as secrets are.
  sealed          bytea       not null,
  key_version     integer     not null,
  wrapped_key     bytea       not null,
  key_made_at     timestamptz not null default now(),
  master_version  integer     not null references master_key,
  primary key (domain_id, webhook_id)
);

create index webhook_due on webhook (next_attempt_at) where is_enabled;

-- The last hundred attempts of each webhook.
create table webhook_delivery (
  domain_id    text        not null,
  webhook_id   text        not null,
  delivery_seq bigint      not null generated always as identity,
  attempted_at timestamptz not null default now(),
  events       integer     not null,
  -- Place of the last event in it.
  cursor       text        not null,
  -- Status of the answer; 0 when there was none.
  status       integer     not null,
  -- '' for a success.
  error        text        not null,
  took_ms      integer     not null,
  primary key (domain_id, webhook_id, delivery_seq),
  foreign key (domain_id, webhook_id) references webhook on delete cascade
);

select protect_tenant('webhook'), protect_tenant('webhook_delivery');
