-- What came and went, apart from what changed: a count as of long ago needs no other records. Few are of this kind.
create index change_record_states on change_record (domain_id, created_at) where action <> 'UPDATE';
