-- The inventory as it was: what it takes to undo the change records after an instant. docs/adr/0046-the-past.md has the reasons.

-- From when on the history of a domain is whole; null: from its creation. Moved on before records are removed. What earlier versions
-- recorded cannot be undone exactly: keys with dots cannot be told from paths, and what was kept out of the history left no trace.
alter table domain add column history_since timestamptz;
update domain d set history_since = now()
 where exists (select 1 from cloud_service s where s.domain_id = d.domain_id);

-- What changed without a record, because a plugin keeps it out of the history (`change_history.exclude`), and when it did so last: before
-- that, the value is not known. Written only where something was left out.
create table unrecorded_change (
  domain_id        text        not null,
  cloud_service_id text        not null,
  path             text        not null,
  changed_at       timestamptz not null,
  primary key (domain_id, cloud_service_id, path)
);
select protect_tenant('unrecorded_change');

-- Whether a change is inside a document, and not of a column.
create function is_in_document(path text) returns boolean
  language sql immutable parallel safe
  as $$ select path like 'data.%' or path like 'tags.%' $$;

-- Whether any of the changes of a record is of a column. Few records of collectors are: resources change in their documents.
create function touches_columns(changes jsonb) returns boolean
  language sql immutable parallel safe
  as $$ select changes @? '$[*].p ? (!(@ starts with "data.") && !(@ starts with "tags."))' $$;

-- Records after an instant: as of any time the rest of the inventory stands as it is. By time, because rows that retention has freed
-- are filled again, and mix old and new in a page; so it takes the place of the index by ranges of pages.
create index change_record_time on change_record (domain_id, created_at);
create index change_record_columns on change_record (domain_id, created_at) where touches_columns(changes);
drop index change_record_age;
-- Resources that were not there yet. Those of a batch share a time, and so a key.
create index cloud_service_created on cloud_service (domain_id, created_at);

-- Undoes changes of one document, the newest first: {p: path, k: its steps where p does not tell them, b: value before, s}. What is
-- not there any more, because something above it has changed since, comes back with that.
create function undo_changes(document jsonb, root text, changes jsonb) returns jsonb
  language plpgsql immutable parallel safe
  as $$
declare
  change jsonb;
  steps text[];
begin
  if changes is null then
    return document;
  end if;
  for change in select value from jsonb_array_elements(changes) loop
    continue when not starts_with(change->>'p', root || '.');
    steps := case when change ? 'k' then (array(select jsonb_array_elements_text(change->'k')))[2:]
                  else string_to_array(substr(change->>'p', length(root) + 2), '.') end;
    continue when jsonb_typeof(document #> steps[:cardinality(steps) - 1]) is distinct from 'object';
    document := case when change ? 'b' then jsonb_set(document, steps, change->'b') else document #- steps end;
  end loop;
  return document;
end $$;
