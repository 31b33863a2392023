-- Version 3, for SQLite: wrapped keys move to a file of their own. The columns wrapped_key stay,
-- empty: a table that others refer to is not made anew without undoing them.

-- While its row is there, keys are still to be moved; `after`: the last meeting that was.
create table key_move (
    one   integer primary key check (one = 1),
    after integer not null
) strict;
insert into key_move values (1, 0);

-- Keys that nothing needs any more, until the key file has forgotten them.
create table key_end (
    kind text not null,
    id   text not null,
    primary key (kind, id)
) strict, without rowid;

-- What the planner does between other work until nothing is left of it.
create table upkeep (
    kind   text not null,
    id     text not null,
    target integer not null, -- keys up to this number are to go
    total  integer not null, -- of them there were so many
    begun  integer not null,
    primary key (kind, id)
) strict, without rowid;
