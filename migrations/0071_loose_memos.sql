-- A second memo: equal for messages that differ in the order of map entries alone. Plugins in some languages write maps in
-- another order after each restart; a run that notices it loads these. Null where a message has none, and in rows that were
-- written before: the first run of a contributor after this migration writes all memos anew, since they are of another
-- evaluation revision. 17 bytes a row; no index, like the memo.
alter table contribution add column loose_memo uuid;

-- Keys the memos, so that nobody can make up two messages with the same one. Of the contributor alone: another one learns
-- nothing from it. 122 random bits.
alter table contributor add column memo_key uuid not null default gen_random_uuid();
