-- Version 1: sets of backups and their keys, each wrapped by the root key (doc/storage.md, Backups). This
-- file is never in a set: it is one of *.keys.
create table set_key (
    name     text primary key,      -- 2026-11-25T0300Z-daily
    made     integer not null,      -- as the clock said, in microseconds
    root     integer not null,      -- the newest root key when it was made: what is in it needs that one
    wrapped  blob not null,
    whole    integer not null check (whole in (0, 1)), -- its folder is complete
    bytes    integer not null,
    took_us  integer not null,
    verified integer not null,      -- when it was last found to be good; 0: not yet
    fault    text                   -- what was wrong when it was looked at last
) strict;

-- Each time that all sets were restored and looked at; the quarterly record among them.
create table verification (
    seq      integer primary key,
    at       integer not null,
    sets     integer not null,
    faults   integer not null,
    bytes    integer not null,      -- of the newest, restored
    took_us  integer not null,      -- to restore the newest
    answered_us integer not null    -- from there to its first good answer
) strict;

-- When a root key had taken everything over: what was made until then may hold what an older one seals.
create table root_done (
    version  integer primary key,
    at       integer not null
) strict;
