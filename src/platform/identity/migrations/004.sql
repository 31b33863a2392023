-- Version 4, for SQLite: the door of the supervision room.

-- Whose badge it is. The number is not kept: its keyed hash is.
create table badge (
    account text primary key references account(id),
    number_hash blob not null unique
) strict, without rowid;

-- Who came in when, and how, for 90 days.
create table door_entry (
    account text not null references account(id),
    at      integer not null,
    method  text not null, -- biometric, badge, code, other
    primary key (account, at, method)
) strict, without rowid;
create index door_entry_age on door_entry (at);

-- The log of the door system, as it was last imported.
create table door_log (
    one      integer primary key check (one = 1),
    imported integer not null,
    as_of    integer not null, -- of when the file was
    taken    integer not null, -- entries that were new
    unknown  integer not null, -- lines of nobody whom we know
    refused  integer not null  -- lines that could not be read
) strict;

-- Sessions of the console of whom no entry was there; for 90 days.
create table door_missed (
    session text primary key,
    account text not null,
    at      integer not null
) strict, without rowid;
create index door_missed_age on door_missed (at);
