-- Room in each page for what changes: a row whose indexed columns stay the same is then written into the page it is in, and none of
-- the five indexes of cloud_service gets an entry, of which that for keywords alone costs 90 µs. docs/adr/0039-changed-resources.md has the
-- reasons. Pages that are there stay as full as they are until they are written anew; a resource that has moved once is among those.
alter table cloud_service set (fillfactor = 90);
alter table contribution set (fillfactor = 95);
