-- Each document that changes leaves its old self in the TOAST table, and by default VACUUM comes only when a fifth of it is dead: after a
-- hundred collects of 100,000 resources, one in a hundred of them changed each time, the tables were 1.47 times as large as after the first.
alter table cloud_service set (toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 1000);
alter table roster_page set (toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 1000);
