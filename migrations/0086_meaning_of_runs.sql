-- Whether a run had meant to read everything: in mode ALL, without a filter. Written when its job goes, which knows it until then; null
-- before that, and of runs whose job went before this was kept.
alter table run add column meant_all boolean;
