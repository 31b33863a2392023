-- Version 2, for SQLite: wrapped keys of organisations move to a file of their own (identity.keys),
-- and organisations end.

-- Keys that are still to be moved.
create table key_move (
    id      text primary key,
    wrapped blob not null,
    version integer not null
) strict;
insert into key_move select id, wrapped_key, key_version from organisation;
alter table organisation drop column wrapped_key;
alter table organisation drop column key_version;

-- erased: since when there is no key. Nothing of it is readable then; what was certified, and to which
-- ids, stays known.
alter table organisation add column ended integer;
alter table organisation add column erased integer;

-- Keys that nothing needs any more, until the key file has forgotten them.
create table key_end (
    kind text not null,
    id   text not null,
    primary key (kind, id)
) strict, without rowid;
