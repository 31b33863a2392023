-- Version 5, for SQLite: what the machine read, counted; corrections that it can learn from.

create table read_count (
    day      integer not null, -- since 1970-01-01, UTC
    language text not null,    -- empty: unknown
    level    integer not null, -- confidence in hundreds of 1000
    total    integer not null,
    doubts   integer not null, -- that became a task
    primary key (day, language, level)
) strict, without rowid;

-- Under the service's key; nothing personal is in what it seals. A draft is somebody's until they keep it.
create table lesson (
    seq      integer primary key autoincrement,
    id       text not null unique,
    at       integer not null,
    state    text not null check (state in ('drafted', 'kept', 'accepted', 'dropped')),
    language text,
    reason   text not null,
    person   text,             -- whose draft it is; of a kept one nobody's
    source   blob not null,    -- keyed hash of the organisation
    sealed   blob not null
) strict;
create index lesson_at on lesson (at);
