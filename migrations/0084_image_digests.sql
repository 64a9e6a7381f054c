-- What the tag of a container image means. docs/adr/0016-runtimes.md has the reasons.

alter table plugin_version
  -- The digest that was run first under this version; '' where there is none, or none was run. Never changed: another one that runs
  -- tells that the tag was moved.
  add column first_digest text not null default '';

alter table plugin_process
  -- The digest of the image that runs, or ran last; '' for what is no container.
  add column image_digest text not null default '';
