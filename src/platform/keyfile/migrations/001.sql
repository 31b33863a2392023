-- Version 1, for SQLite: wrapped keys, apart from what they seal (doc/storage.md). parent: which
-- version of the key above wraps it. seq: what a rotation has made is greater than all before.
create table key (
    seq          integer primary key autoincrement,
    kind         text not null check (kind in ('organisation', 'meeting')),
    id           text not null,
    organisation text not null,
    version      integer not null,
    parent       integer not null,
    wrapped      blob not null,
    unique (kind, id, version)
) strict;
create index key_parent on key (organisation, kind, parent);
