-- What a run has to know of the claims of its contributor, packed: as many rows and columns it was most of what an unchanged
-- collect cost. docs/adr/0037-roster.md has the reasons.

-- Pages of entries, 30 bytes each: slot, kind, cell, memo as `…send` writes them. What an entry says counts from then on for its
-- slot; kind 0 says that the claim is gone. Base pages come first, the others after them by `seq`: together they say what
-- `contribution` says, in every snapshot. Rows are never updated.
create table roster_page (
  domain_id      text    not null,
  contributor_id integer not null,
  -- Two entries about one slot are written one after the other, since whoever writes a claim holds its row.
  seq            bigint  not null generated always as identity,
  is_base        boolean not null default false,
  entries        bytea   not null,
  primary key (domain_id, contributor_id, seq),
  foreign key (domain_id, contributor_id) references contributor
);

-- Memos are random bits: to compress them is in vain.
alter table roster_page alter column entries set storage external;

select protect_tenant('roster_page');

create function roster_entry(slot integer, kind smallint, cell bigint, memo uuid) returns bytea
  language sql immutable parallel safe
  return int4send(slot) || int2send(kind) || int8send(coalesce(cell, 0)) || uuid_send(memo);

-- Keeps the pages true, whoever writes: one statement, one page for each contributor and 8,192 slots. It only inserts, and so
-- waits for nobody. What was written by hand is in no run's way; it has a contributor without a collector.
-- As the owner: whose claims somebody may write, he need not be able to read.
create function note_claims() returns trigger
  language plpgsql security definer set search_path from current
  as $$
declare
  is_gone constant boolean := tg_op = 'DELETE';
begin
  insert into roster_page (domain_id, contributor_id, entries)
  select c.domain_id, c.contributor_id,
         string_agg(roster_entry(c.slot,
                                 case when is_gone then 0::smallint else c.kind end,
                                 case when is_gone then 0 else c.cell end,
                                 case when is_gone then '00000000-0000-0000-0000-000000000000' else c.memo end), ''::bytea)
    from changed c
   group by c.domain_id, c.contributor_id, c.slot >> 13
  having (select b.collector_id from contributor b
           where b.domain_id = c.domain_id and b.contributor_id = c.contributor_id) <> '';
  return null;
end $$;

create trigger claims_made after insert on contribution
  referencing new table as changed for each statement execute function note_claims();
create trigger claims_changed after update on contribution
  referencing new table as changed for each statement execute function note_claims();
create trigger claims_ended after delete on contribution
  referencing old table as changed for each statement execute function note_claims();

-- The triggers come first: until this transaction ends nobody else writes a contribution.
insert into roster_page (domain_id, contributor_id, is_base, entries)
select c.domain_id, c.contributor_id, true, string_agg(roster_entry(c.slot, c.kind, c.cell, c.memo), ''::bytea)
  from contribution c
  join contributor b on b.domain_id = c.domain_id and b.contributor_id = c.contributor_id and b.collector_id <> ''
 group by c.domain_id, c.contributor_id, c.slot >> 13
 order by c.domain_id, c.contributor_id, c.slot >> 13;
