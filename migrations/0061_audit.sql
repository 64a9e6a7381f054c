-- Who changed what: one row for each call that changed something, in a chain of hashes for each domain.
-- docs/adr/0007-audit.md has the reasons.

-- No foreign keys: it outlives what it names, the domain included. What belongs to no domain stands under 'system'.
create table audit_record (
  domain_id   text        not null,
  -- 1, 2, 3, … without gaps.
  seq         bigint      not null,
  -- The database's clock, when the row was written.
  recorded_at timestamptz not null,
  -- Full name of the method, whichever transport it came by.
  method      text        not null,
  -- What the caller was: OPEN (nobody was asked for a key), OPERATOR, ADMIN, SYSTEM (the system administrator).
  role        text        not null,
  -- '' without a key.
  api_key_id  text        not null,
  -- What the call named and what it made: ids alone, never other values of a request.
  ids         text[]      not null,
  request_id  text        not null,
  -- '' while traces are off.
  trace_id    text        not null,
  -- audit_hash() of the row before and of everything above.
  hash        bytea       not null,
  primary key (domain_id, seq)
);

-- Where the chain of a domain ends; a row that is missing at the end is missed by it. Whoever appends holds it to the end
-- of the transaction, as the last lock that it takes.
create table audit_head (
  domain_id text   not null primary key,
  seq       bigint not null,
  hash      bytea  not null
);

-- A value with its length before it, so that no two lists of values read the same.
create function audit_part(value text) returns text
  language sql immutable
  as $$ select octet_length(convert_to(value, 'UTF8')) || ':' || value $$;

-- SHA-256 over the hash before (32 bytes, zero for the first row) and every column. src/audit/record-hash.ts computes the
-- same; test/audit holds them together. Text of the instant are its microseconds, exact whatever the client reads.
create function audit_hash(previous bytea, r audit_record) returns bytea
  language sql immutable
  as $$
  select sha256(previous || convert_to(
    audit_part('1') || audit_part(r.domain_id) || audit_part(r.seq::text)
      || audit_part(trim_scale(extract(epoch from r.recorded_at) * 1000000)::text)
      || audit_part(r.method) || audit_part(r.role) || audit_part(r.api_key_id) || audit_part(cardinality(r.ids)::text)
      || coalesce((select string_agg(audit_part(id), '' order by at) from unnest(r.ids) with ordinality as i (id, at)), '')
      || audit_part(r.request_id) || audit_part(r.trace_id), 'UTF8'))
$$;

-- Writes the row of a call at the end of the transaction that changed something, and returns the new end of the chain. A
-- transaction that has no number of its own has changed nothing: then there is no row, and null. Runs as the owner,
-- because connections of a domain may read these tables and nothing else; a connection that is bound to a domain appends
-- to the chain of that domain alone.
create function append_audit(
  chain text, method text, role text, api_key_id text, ids text[], request_id text, trace_id text
) returns audit_head
  language plpgsql security definer set search_path from current
  as $$
declare
  head audit_head;
  entry audit_record;
begin
  if pg_current_xact_id_if_assigned() is null then return null; end if;
  if current_setting('role') <> 'none' and chain is distinct from current_setting('gleaner.domain_id', true) then
    raise insufficient_privilege using message = 'a connection appends only to the audit of its own domain';
  end if;
  select * into head from audit_head where domain_id = chain for update;
  if not found then
    insert into audit_head values (chain, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
    select * into head from audit_head where domain_id = chain for update;
  end if;
  entry := row(chain, head.seq + 1, clock_timestamp(), method, role, api_key_id, ids, request_id, trace_id, ''::bytea);
  entry.hash := audit_hash(head.hash, entry);
  insert into audit_record values (entry.*);
  update audit_head h set seq = entry.seq, hash = entry.hash where h.domain_id = chain returning h.* into head;
  return head;
end $$;

select protect_tenant(t) from unnest(array['audit_record', 'audit_head']::regclass[]) t;

-- What can be listed: each domain its own rows, the system administrator also those of domains that are gone. Of the two
-- halves the planner drops the one that cannot be meant.
create view listed_audit with (security_invoker = true) as
  select domain_id, domain_id as chain, seq, recorded_at, method, role, api_key_id, ids, request_id, trace_id, hash
    from audit_record
  union all
  select 'system', domain_id, seq, recorded_at, method, role, api_key_id, ids, request_id, trace_id, hash
    from audit_record r
   where domain_id <> 'system' and not exists (select from domain d where d.domain_id = r.domain_id);
